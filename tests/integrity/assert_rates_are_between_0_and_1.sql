-- What: every rate is null or between 0 and 1, and a cost per something is null or above 0. (The win
--   rate by value is left out: a negative amount, which the audit reports, can carry it outside.)
-- Why: a rate above 1 counts something on top that is not below, so the two are not of the same leads.
-- Mend: compare the conditions of its two counts in models/marts/scorecard.
{%- set rates = {
    'lead_quality_by_source': [
        'target_market_rate', 'icp_fit_rate', 'qualified_rate', 'sales_acceptance_rate', 'decision_coverage_rate',
        'follow_up_completion_rate', 'lead_to_opportunity_rate', 'win_rate',
    ],
    'pipeline_quality': ['opportunity_quality_rate', 'contact_coverage_rate'],
    'win_rate_by_source': ['win_rate'],
    'crm_trust': ['answerable_rate'],
} %}
with

values_outside as (
    {% for relation, columns in rates.items() %}
    {%- for column in columns -%}
    select '{{ relation }}.{{ column }}' as rate_name, {{ column }} as rate_value
    from {{ ref(relation) }}
    where {{ column }} < 0 or {{ column }} > 1
    union all
    {% endfor %}
    {%- endfor %}
    {%- for column in ['cost_per_lead', 'cost_per_fit_lead', 'cost_per_opportunity'] -%}
    select 'lead_quality_by_source.{{ column }}' as rate_name, {{ column }} as rate_value
    from {{ ref('lead_quality_by_source') }}
    where {{ column }} <= 0
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from values_outside
