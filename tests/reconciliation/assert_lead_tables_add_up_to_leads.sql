-- What: the counts by source, by owner and by reason add up to the leads: one road over the tables,
--   one straight over fct_leads.
-- Why: two tables that disagree make both worthless.
-- Mend: measure names the count; compare its condition in models/marts/scorecard with fct_leads.
{%- set roads = [
    ('lead_quality_by_source', 'leads', 'true'),
    ('lead_quality_by_source', 'icp_fit_leads', 'is_icp_fit'),
    ('lead_quality_by_source', 'accepted_leads', 'accepted_at is not null'),
    ('lead_quality_by_source', 'rejected_leads', "sales_decision = 'rejected'"),
    ('lead_quality_by_source', 'followed_up_leads', 'is_follow_up_completed'),
    ('lead_quality_by_source', 'opportunities', 'opportunity_id is not null'),
    ('lead_quality_by_source', 'won', "outcome = 'won'"),
    ('follow_up_by_owner', 'handed_over_leads', 'handed_over_at is not null'),
    ('follow_up_by_owner', 'due_leads', 'is_follow_up_due'),
    ('follow_up_by_owner', 'touched_leads', 'first_touch_at is not null'),
    ('follow_up_by_owner', 'followed_up_leads', 'is_follow_up_completed'),
    ('follow_up_by_owner', 'ignored_leads', "lead_state = 'ignored'"),
    ('disqualification_by_source', 'leads', "sales_decision in ('rejected', 'disqualified')"),
] %}
with

by_table as (
    {% for relation, measure, condition in roads -%}
    select '{{ relation }}.{{ measure }}' as measure, coalesce(sum({{ measure }}), 0) as leads
    from {{ ref(relation) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

straight as (
    {% for relation, measure, condition in roads -%}
    select
        '{{ relation }}.{{ measure }}' as measure,
        count(case when {{ condition }} then 1 end) as leads
    from {{ ref('fct_leads') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    straight.measure,
    straight.leads as straight_leads,
    by_table.leads as table_leads
from straight
inner join by_table on straight.measure = by_table.measure
where straight.leads <> by_table.leads
