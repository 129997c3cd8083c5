-- One row per lead: five verdicts, each with the rule and the evidence; what the rules alone say of
-- the lead.
-- Fail wins: what sales learned in words outranks what a form says.
{%- set dimensions = ['fit', 'pain', 'timing', 'authority', 'next_step'] %}
with

gathered as (
    select
        lead_fit.lead_id,
        lead_fit.industry,
        lead_fit.country_code,
        lead_fit.employees,
        interest.offer_intent,
        lead_fit.noise_class,
        lead_fit.is_target_market,
        {%- for dimension, relation in [
            ('fit', 'lead_fit'), ('pain', 'interest'), ('timing', 'interest'), ('authority', 'authority'), ('next_step', 'next_step')
        ] %}
        {{ relation }}.{{ dimension }}_rule_only_verdict,
        {{ relation }}.{{ dimension }}_rule,
        {{ relation }}.{{ dimension }}_evidence,
        {%- if dimension == 'next_step' %}
        coalesce(decisions.sales_decision in ('rejected', 'disqualified'), false)
            as is_next_step_refused,
        {%- else %}
        coalesce(decisions.disqualification_issue = '{{ dimension }}', false)
            as is_{{ dimension }}_refused,
        {%- endif %}
        {%- endfor %}
        decisions.sales_decision,
        decisions.disqualification_reason
    from {{ ref('int_lead_fit') }} as lead_fit
    inner join {{ ref('int_lead_interest') }} as interest on lead_fit.lead_id = interest.lead_id
    inner join {{ ref('int_lead_authority') }} as authority on lead_fit.lead_id = authority.lead_id
    inner join {{ ref('int_lead_next_step') }} as next_step on lead_fit.lead_id = next_step.lead_id
    inner join {{ ref('int_lead_decisions') }} as decisions on lead_fit.lead_id = decisions.lead_id
),

judged as (
    select
        lead_id,
        industry,
        country_code,
        employees,
        offer_intent,
        noise_class,
        is_target_market,
        {%- for dimension in dimensions %}
        {{ dimension }}_rule_only_verdict,
        case when is_{{ dimension }}_refused then 'fail' else {{ dimension }}_rule_only_verdict end
            as {{ dimension }}_verdict,
        case when is_{{ dimension }}_refused then 'sales_decision' else {{ dimension }}_rule end
            as {{ dimension }}_rule,
        case
            when is_{{ dimension }}_refused
                then sales_decision || ' by sales: ' || replace(disqualification_reason, '_', ' ')
            else {{ dimension }}_evidence
        end as {{ dimension }}_evidence,
        {%- endfor %}
        {% for dimension in dimensions -%}
        case
            when {{ dimension }}_rule_only_verdict = 'pass' then 1 else 0
        end {{ '+ ' if not loop.last }}
        {%- endfor %} as dimensions_passed
    from gathered
),

qualified as (
    select
        *,
        fit_rule_only_verdict = 'pass'
        and pain_rule_only_verdict <> 'fail'
        and timing_rule_only_verdict <> 'fail'
        and authority_rule_only_verdict <> 'fail'
        and dimensions_passed >= {{ var('min_dimensions_passed') }} as is_qualified
    from judged
),

int_lead_verdicts as (
    select
        *,
        case
            when is_qualified then 'sales'
            when
                fit_rule_only_verdict = 'pass'
                and timing_rule_only_verdict = 'fail'
                and pain_rule_only_verdict <> 'fail'
                and authority_rule_only_verdict <> 'fail'
                then 'nurture'
            when fit_rule_only_verdict = 'fail' then 'discard'
            else 'research'
        end as route
    from qualified
)

select * from int_lead_verdicts
