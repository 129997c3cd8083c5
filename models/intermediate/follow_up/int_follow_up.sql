-- One row per lead: touches from the handover on, what is still scheduled, and whether the follow-
-- up was done in time.
with

milestones as (
    select * from {{ ref('int_lead_milestones') }}
),

activities as (
    select * from {{ ref('int_activities') }} where lead_id is not null
),

counted as (
    select
        milestones.lead_id,
        min(case
            when activities.is_touch and activities.happened_at >= milestones.handed_over_at
                then activities.happened_at
        end) as first_touch_at,
        min(case
            when
                activities.is_touch
                and activities.happened_at >= milestones.handed_over_at
                and not activities.is_time_inferred
                then activities.happened_at
        end) as first_known_touch_at,
        max(case
            when activities.is_touch and activities.happened_at >= milestones.handed_over_at
                then activities.happened_at
        end) as last_touch_at,
        -- One e-mail to two records of a person is one touch.
        count(distinct case
            when activities.is_touch and activities.happened_at >= milestones.handed_over_at
                then activities.activity_id
        end) as touch_count,
        {{ dbt.bool_or("activities.is_scheduled") }} as has_next_activity,
        {{ dbt.bool_or("activities.kind = 'meeting' and activities.is_conversation") }}
            as has_meeting_held
    from milestones
    inner join activities on milestones.lead_id = activities.lead_id
    group by milestones.lead_id
),

int_follow_up as (
    select
        milestones.lead_id,
        counted.first_touch_at,
        counted.first_touch_at is not null
        and coalesce(counted.first_touch_at < counted.first_known_touch_at, true)
            as is_first_touch_inferred,
        counted.last_touch_at,
        coalesce(counted.touch_count, 0) as touch_count,
        coalesce(counted.has_next_activity, false) as has_next_activity,
        coalesce(counted.has_meeting_held, false) as has_meeting_held,
        coalesce(
            {{ add_hours('milestones.handed_over_at', var('follow_up_sla_hours')) }}
            <= {{ as_of() }},
            false
        ) as is_follow_up_due,
        coalesce(
            counted.first_touch_at
            <= {{ add_hours('milestones.handed_over_at', var('follow_up_sla_hours')) }},
            false
        ) as is_touched_in_time,
        {{ seconds_between('milestones.handed_over_at', 'counted.first_touch_at') }} / 3600.0
            as hours_to_first_touch
    from milestones
    left join counted on milestones.lead_id = counted.lead_id
)

select * from int_follow_up
