{{ config(materialized='ephemeral') }}
-- One row per lead: how far it came, what stands, and where it is now (first match wins).
with

milestones as (
    select * from {{ ref('int_lead_milestones') }}
),

gathered as (
    select
        milestones.lead_id,
        milestones.captured_at,
        milestones.handed_over_at,
        milestones.is_handover_inferred,
        milestones.accepted_at,
        milestones.is_acceptance_inferred,
        milestones.first_conversation_at,
        milestones.last_stage,
        milestones.recycle_count,
        milestones.inferred_event_count,
        milestones.has_bulk_changes,
        follow_up.first_touch_at,
        follow_up.is_first_touch_inferred,
        follow_up.touch_count,
        follow_up.hours_to_first_touch,
        follow_up.is_follow_up_due,
        follow_up.is_follow_up_due
        and follow_up.is_touched_in_time
        and (
            milestones.first_conversation_at is not null
            or decisions.sales_decision is not null
            or follow_up.touch_count >= {{ var('min_attempts') }}
        ) as is_follow_up_completed,
        coalesce(follow_up.last_touch_at < {{ add_days(as_of(), '-' ~ var('leak_days')) }}, false)
        and not follow_up.has_next_activity as is_gone_quiet,
        decisions.rejected_at,
        decisions.disqualified_at,
        decisions.sales_decision,
        decisions.disqualification_reason,
        decisions.disqualification_issue,
        decisions.is_vague_rejection,
        opportunities.opportunity_id,
        opportunities.opportunity_at,
        opportunities.closed_at,
        opportunities.outcome,
        coalesce(opportunities.opportunity_count, 0) as opportunity_count,
        coalesce(opportunities.is_strong_pipeline, false) as is_strong_pipeline,
        opportunities.pipeline_amount,
        opportunities.won_amount,
        coalesce(opportunities.outcome = 'won', false) or milestones.has_won_event as is_won,
        coalesce(
            {{ add_days('milestones.captured_at', var('conversion_horizon_days')) }}
            <= {{ as_of() }},
            false
        ) as is_mature
    from milestones
    inner join {{ ref('int_follow_up') }} as follow_up on milestones.lead_id = follow_up.lead_id
    inner join
        {{ ref('int_lead_decisions') }} as decisions
        on milestones.lead_id = decisions.lead_id
    left join
        {{ ref('int_lead_opportunities') }} as opportunities
        on milestones.lead_id = opportunities.lead_id
),

staged as (
    select
        *,
        case
            when is_won then 'won'
            when opportunity_count > 0 then 'opportunity'
            when first_conversation_at is not null then 'conversation'
            when accepted_at is not null then 'accepted'
            when handed_over_at is not null then 'handed_over'
            else 'captured'
        end as lifecycle_stage,
        case
            when is_won then 'won'
            when outcome = 'lost' then 'lost'
            when outcome = 'open' then 'in_opportunity'
            when disqualification_issue = 'fit' then 'bad_fit'
            when sales_decision in ('rejected', 'disqualified') then 'disqualified'
            when last_stage = 'nurture' then 'nurture'
            when first_conversation_at is not null then 'in_conversation'
            when sales_decision = 'accepted' then 'accepted'
            when touch_count >= {{ var('min_attempts') }} then 'unresponsive'
            when is_follow_up_due and touch_count = 0 then 'ignored'
            when touch_count > 0 and is_gone_quiet then 'stalled'
            when touch_count > 0 then 'working'
            when handed_over_at is not null then 'new'
            else 'not_handed_over'
        end as lead_state
    from gathered
),

int_lead_states as (
    select
        *,
        {{ skipped_stages('lifecycle_stage', {
            'handed_over': 'handed_over_at is null',
            'accepted': 'accepted_at is null',
            'conversation': 'first_conversation_at is null',
            'opportunity': 'opportunity_at is null',
        }) }} as skipped_stages
    from staged
)

select * from int_lead_states
