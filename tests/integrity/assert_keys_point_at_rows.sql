-- What: every key in a published table points at a row that exists, and every lead has its visits
--   and its verdicts.
-- Why: a join over a dangling key drops rows, and two dashboards show two numbers.
-- Mend: key_name names the key; look for the filter that one of the two tables has and the other not.
{%- set keys = [
    ('fct_leads', 'opportunity_id', 'fct_opportunities', 'opportunity_id'),
    ('fct_leads', 'lead_id', 'fct_lead_stages', 'lead_id'),
    ('fct_leads', 'lead_id', 'fct_lead_verdicts', 'lead_id'),
    ('fct_leads', 'owner_id', 'dim_owners', 'owner_id'),
    ('fct_lead_stages', 'lead_id', 'fct_leads', 'lead_id'),
    ('fct_lead_verdicts', 'lead_id', 'fct_leads', 'lead_id'),
    ('fct_responses', 'lead_id', 'fct_leads', 'lead_id'),
    ('fct_opportunities', 'lead_id', 'fct_leads', 'lead_id'),
    ('fct_touches', 'lead_id', 'fct_leads', 'lead_id'),
    ('fct_touches', 'opportunity_id', 'fct_opportunities', 'opportunity_id'),
    ('engaged_untied_contacts', 'opportunity_id', 'fct_opportunities', 'opportunity_id'),
    ('engaged_untied_contacts', 'lead_id', 'fct_leads', 'lead_id'),
    ('fct_opportunities', 'owner_id', 'dim_owners', 'owner_id'),
    ('fct_opportunity_stages', 'opportunity_id', 'fct_opportunities', 'opportunity_id'),
] %}
{%- for relation in [
    'fct_leads', 'fct_responses', 'fct_opportunities', 'fct_opportunity_stages', 'dim_campaigns',
    'lead_quality_by_source', 'disqualification_by_source', 'pipeline_quality',
    'stage_reached_by_source', 'velocity_by_source', 'lead_velocity_by_source', 'win_rate_by_source',
] %}
{%- do keys.append((relation, 'source', 'dim_sources', 'source')) %}
{%- endfor %}
with

dangling as (
    {% for relation, column, target, key in keys -%}
    select distinct
        '{{ relation }}.{{ column }} in {{ target }}' as key_name,
        cast(pointing.{{ column }} as {{ text_type() }}) as key_value
    from {{ ref(relation) }} as pointing
    left join {{ ref(target) }} as pointed_at on pointing.{{ column }} = pointed_at.{{ key }}
    where pointing.{{ column }} is not null and pointed_at.{{ key }} is null
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from dangling
