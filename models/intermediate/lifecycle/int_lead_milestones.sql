-- One row per lead: when it was first handed over, accepted, talked to, converted, made an
-- opportunity.
{%- set in_order -%}
    partition by lead_id, changes_nothing
    order by event_at, {{ lead_stage_order('stage') }}, is_inferred, event_id
{%- endset %}
with

people as (
    select * from {{ ref('int_people') }}
),

-- That a lead is (still) captured is told by its creation.
told_events as (
    select *, is_inferred and stage = 'captured' as changes_nothing
    from {{ ref('int_lead_status_events') }}
),

ordered_events as (
    select
        lead_id,
        event_at,
        stage,
        is_inferred,
        is_bulk,
        changes_nothing,
        lag(stage) over ({{ in_order }}) as previous_stage,
        lead(event_id) over ({{ in_order }}) is null as is_last
    from told_events
),

events as (
    select
        lead_id,
        min(case when stage = 'handed_over' then event_at end) as handed_over_at,
        min(case when stage = 'accepted' then event_at end) as accepted_at,
        min(case when stage = 'rejected' then event_at end) as first_negative_at,
        min(case when stage = 'won' then event_at end) as won_at,
        max(case when stage in ('accepted', 'opportunity', 'won') then event_at end)
            as last_positive_at,
        max(case when is_last and not changes_nothing then stage end) as last_stage,
        sum(case
            when
                stage in ('captured', 'handed_over', 'working', 'accepted')
                and previous_stage in ('nurture', 'rejected') then 1
            else 0
        end) as recycle_count,
        sum(case when is_inferred then 1 else 0 end) as inferred_event_count,
        {{ dbt.bool_or("is_bulk") }} as has_bulk_changes
    from ordered_events
    group by lead_id
),

activities as (
    select
        lead_id,
        min(case when is_touch then happened_at end) as first_outbound_at,
        min(case when is_conversation then happened_at end) as first_conversation_at
    from {{ ref('int_activities') }}
    where lead_id is not null
    group by lead_id
),

gathered as (
    select
        people.lead_id,
        people.captured_at,
        events.handed_over_at as recorded_handover_at,
        events.accepted_at as recorded_acceptance_at,
        events.first_negative_at,
        events.won_at is not null as has_won_event,
        events.last_stage,
        coalesce(events.recycle_count, 0) as recycle_count,
        coalesce(events.inferred_event_count, 0) as inferred_event_count,
        coalesce(events.has_bulk_changes, false) as has_bulk_changes,
        activities.first_outbound_at,
        activities.first_conversation_at,
        {{ latest_of([
            'events.last_positive_at', 'conversions.converted_at', 'opportunities.last_opportunity_at'
        ]) }} as last_positive_at,
        {{ earliest_of([
            'activities.first_conversation_at',
            'conversions.converted_at',
            'opportunities.opportunity_at',
            'events.won_at'
        ]) }} as implied_acceptance_at
    from people
    left join events on people.lead_id = events.lead_id
    left join activities on people.lead_id = activities.lead_id
    left join
        {{ ref('int_lead_conversions') }} as conversions
        on people.lead_id = conversions.lead_id
    left join
        {{ ref('int_lead_opportunities') }} as opportunities
        on people.lead_id = opportunities.lead_id
),

accepted as (
    select
        *,
        coalesce(recorded_acceptance_at, implied_acceptance_at) as accepted_at,
        recorded_acceptance_at is null
        and implied_acceptance_at is not null as is_acceptance_inferred
    from gathered
),

handed_over as (
    select
        *,
        {{ earliest_of(['first_outbound_at', 'accepted_at', 'first_negative_at']) }}
            as implied_handover_at
    from accepted
),

int_lead_milestones as (
    select
        *,
        coalesce(recorded_handover_at, implied_handover_at) as handed_over_at,
        recorded_handover_at is null and implied_handover_at is not null as is_handover_inferred
    from handed_over
)

select * from int_lead_milestones
