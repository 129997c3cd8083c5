-- One row per lead: every verdict with the rule and the evidence that decided it.
{%- set dimensions = ['fit', 'pain', 'timing', 'authority', 'next_step'] %}
with

fct_lead_verdicts as (
    select
        {%- for dimension in dimensions %}
        {{ dimension }}_verdict,
        {{ dimension }}_rule,
        {{ dimension }}_evidence,
        {{ dimension }}_rule_only_verdict,
        {%- endfor %}
        lead_id
    from {{ ref('int_lead_verdicts') }}
)

select * from fct_lead_verdicts
