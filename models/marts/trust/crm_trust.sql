-- One row per question a leader asks of the CRM: how many rows can answer it.
with

leads as (
    select * from {{ ref('fct_leads') }}
),

opportunities as (
    select * from {{ ref('fct_opportunities') }}
),

losing_crms as (
    select distinct crm from opportunities where outcome = 'lost'
),

crms as (
    select count(distinct crm) as crm_count from {{ ref('int_fields_unioned') }}
),

-- Only where several CRMs are read can a deal be there twice; a CRM that keeps only its wins says
-- nothing of win rates.
deals as (
    select
        opportunities.outcome,
        crms.crm_count > 1 as is_among_crms,
        lookalikes.opportunity_id is not null as may_be_twice,
        losing_crms.crm is not null as crm_knows_losses
    from opportunities
    cross join crms
    left join {{ ref('int_opportunity_lookalikes') }} as lookalikes
        on opportunities.opportunity_id = lookalikes.opportunity_id
    left join losing_crms on opportunities.crm = losing_crms.crm
),

-- Inferred from the status of today, a handover lies where the record was last changed.
recorded_handovers as (
    select lead_id
    from {{ ref('fct_lead_stages') }}
    where stage = 'handed_over' and visit_number = 1 and not is_inferred
),

status_events as (
    select is_inferred from {{ ref('int_lead_status_events') }}
),

last_visits as (
    select is_inferred from {{ ref('fct_opportunity_stages') }} where exited_at is null
),

costed as (
    select created_month, source from {{ ref('lead_quality_by_source') }} where spend is not null
),

answers as (
    {% for order, relation, asked, answerable in [
        (1, 'leads', 'true', "source <> 'unknown'"),
        (2, 'leads', 'true', 'campaign is not null or offer is not null'),
        (3, 'leads', 'true', "fit_verdict <> 'unknown'"),
        (4, 'leads', 'handed_over_at is not null', "accepted_at is not null or sales_decision = 'rejected'"),
        (5, 'leads', "sales_decision in ('rejected', 'disqualified')", "disqualification_issue <> 'unstated'"),
        (
            6, 'leads', 'handed_over_at is not null',
            'not is_before_activities and exists (select 1 from recorded_handovers where recorded_handovers.lead_id = leads.lead_id)'
        ),
        (
            7, 'opportunities', "origin <> 'sales' and exists (select 1 from leads)",
            'lead_id is not null'
        ),
        (
            8, 'leads',
            "sales_decision in ('rejected', 'disqualified') or lead_state in ('unresponsive', 'ignored', 'stalled')",
            "coalesce(disqualification_issue, 'follow_up') <> 'unstated'"
        ),
        (9, 'opportunities', 'true', 'contact_count > 0'),
        (
            10, 'leads', "demand_type in ('paid', 'event')",
            'exists (select 1 from costed where costed.created_month = leads.created_month and costed.source = leads.source)'
        ),
        (11, 'status_events', 'true', 'not is_inferred'),
        (12, 'last_visits', 'true', 'not is_inferred'),
        (13, 'deals', 'is_among_crms', 'not may_be_twice'),
        (14, 'deals', "outcome <> 'open'", 'crm_knows_losses'),
        (15, 'leads', 'false', 'false'),
    ] -%}
    select
        {{ order }} as question_order,
        count(case when {{ asked }} then 1 end) as asked_rows,
        count(case when ({{ asked }}) and ({{ answerable }}) then 1 end) as answerable_rows
    from {{ relation }}
    {{ 'union all' if not loop.last }}
    {% endfor -%}
),

rated as (
    select
        questions.*,
        answers.asked_rows,
        answers.answerable_rows,
        {{ rate('answers.answerable_rows', 'answers.asked_rows') }} as answerable_rate,
        absent.fields as absent_fields
    from {{ ref('trust_questions') }} as questions
    inner join answers on questions.question_order = answers.question_order
    left join {{ ref('int_absent_fields') }} as absent
        on questions.question_order = absent.question_order
),

crm_trust as (
    select
        question,
        question_order,
        cast(answerable_rows as integer) as answerable_rows,
        cast(asked_rows as integer) as {{ adapter.quote('rows') }},
        answerable_rate,
        case
            when answerable_rate is null then 'none'
            when answerable_rate < {{ var('min_answerable') }} then 'low'
            when answerable_rate >= 0.9 then 'high'
            else 'medium'
        end as grade,
        case
            when absent_fields is null and coalesce(answerable_rate, 1) = 1 then 'nothing'
            when absent_fields is null then advice
            when coalesce(answerable_rate, 1) = 1 then 'not in the data: ' || absent_fields
            else 'not in the data: ' || absent_fields || '; ' || advice
        end as missing
    from rated
)

select * from crm_trust
