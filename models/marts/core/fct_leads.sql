-- One row per lead: one person who entered the CRM, however many records hold them.
with

people as (
    select * from {{ ref('int_people') }}
),

first_history as (
    select crm, min(changed_at) as first_history_at
    from {{ ref('int_lead_changes_unioned') }}
    where
        is_history
        and changed_at <= {{ as_of() }}
        -- The history of HubSpot's Lead objects is younger than that of its contacts.
        and (status_of is null or status_of in ('status', 'lifecyclestage'))
    group by crm
),

definition_start as (
    select min(period_from) as first_change_on
    from {{ ref('int_definition_periods') }}
    where period_from > cast('0001-01-01' as date)
),

states as (
    select * from {{ ref('int_lead_states') }}
),

fct_leads as (
    select
        people.lead_id,
        people.crm,
        people.captured_at as created_at,
        {{ reporting_day('people.captured_at') }} as created_on,
        {{ reporting_month('people.captured_at') }} as created_month,
        sources.source,
        source_names.channel,
        source_names.demand_type,
        people.lead_source as source_raw,
        sources.campaign,
        sources.offer,
        verdicts.offer_intent,
        people.owner_id,
        people.company_id,
        verdicts.industry,
        verdicts.country_code,
        {{ company_size('verdicts.employees') }} as company_size,
        people.score as lead_score,
        {{ score_band('people.score') }} as score_band,
        verdicts.is_target_market,
        verdicts.fit_verdict = 'pass' as is_icp_fit,
        verdicts.fit_verdict,
        verdicts.pain_verdict,
        verdicts.timing_verdict,
        verdicts.authority_verdict,
        verdicts.next_step_verdict,
        verdicts.noise_class,
        verdicts.is_qualified,
        verdicts.route,
        states.handed_over_at,
        {{ reporting_day('states.handed_over_at') }} as handed_over_on,
        states.is_handover_inferred,
        states.first_touch_at,
        states.is_first_touch_inferred,
        states.accepted_at,
        {{ reporting_day('states.accepted_at') }} as accepted_on,
        states.is_acceptance_inferred,
        states.rejected_at,
        {{ reporting_day('states.rejected_at') }} as rejected_on,
        states.disqualified_at,
        states.sales_decision,
        states.first_conversation_at,
        states.opportunity_at,
        states.closed_at,
        states.outcome,
        states.lifecycle_stage,
        states.skipped_stages,
        states.lead_state,
        cast(states.recycle_count as integer) as recycle_count,
        states.disqualification_reason,
        states.disqualification_issue,
        people.disqualification_reason as disqualification_reason_raw,
        states.is_vague_rejection,
        states.is_follow_up_due,
        states.is_follow_up_completed,
        cast(states.hours_to_first_touch as {{ double_type() }}) as hours_to_first_touch,
        cast(business_hours.business_hours_to_first_touch as {{ double_type() }})
            as business_hours_to_first_touch,
        states.handed_over_at is not null
        and cliffs.has_months_before
        and coalesce(states.handed_over_at < cliffs.first_activity_at, true)
        and states.first_touch_at is null
            as is_before_activities,
        cast(states.touch_count as integer) as touch_count,
        states.opportunity_id,
        states.is_strong_pipeline,
        cast(states.opportunity_count as integer) as opportunity_count,
        cast(states.pipeline_amount as {{ double_type() }}) as pipeline_amount,
        cast(states.won_amount as {{ double_type() }}) as won_amount,
        states.is_mature,
        states.is_mature and coalesce(
            states.opportunity_at
            <= {{ add_days('people.captured_at', var('conversion_horizon_days')) }},
            false
        ) as has_opportunity_in_horizon,
        coalesce({{ add_hours('people.captured_at', 24) }} < first_history.first_history_at, false)
            as is_history_truncated,
        cast(states.inferred_event_count as integer) as inferred_event_count,
        states.has_bulk_changes,
        cast(
            {{ latest_of(['people.definition_on', 'definition_start.first_change_on']) }}
            as {{ text_type() }}
        ) as definition_version
    from people
    inner join states on people.lead_id = states.lead_id
    inner join {{ ref('int_lead_verdicts') }} as verdicts on people.lead_id = verdicts.lead_id
    inner join {{ ref('int_lead_sources') }} as sources on people.lead_id = sources.lead_id
    inner join {{ ref('int_sources') }} as source_names
        on
            sources.source = source_names.source
            and sources.definition_on = source_names.definition_on
    cross join definition_start
    left join first_history on people.crm = first_history.crm
    inner join {{ ref('int_activity_cliffs') }} as cliffs on people.crm = cliffs.crm
    left join {{ ref('int_business_hours') }} as business_hours
        on people.lead_id = business_hours.lead_id
)

select * from fct_leads
