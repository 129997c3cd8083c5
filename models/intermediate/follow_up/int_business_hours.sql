{{ config(materialized='ephemeral') }}
-- One row per touched lead: working hours from the handover to the first touch, on the calendar of the
-- owner's time zone.
with

touched as (
    select
        milestones.lead_id,
        milestones.handed_over_at,
        follow_up.first_touch_at,
        coalesce(owner_zones.time_zone, '{{ var("reporting_timezone") }}') as time_zone
    from {{ ref('int_lead_milestones') }} as milestones
    inner join {{ ref('int_follow_up') }} as follow_up on milestones.lead_id = follow_up.lead_id
    inner join {{ ref('int_people') }} as people on milestones.lead_id = people.lead_id
    left join {{ ref('int_owner_zones') }} as owner_zones
        on people.owner_id = owner_zones.owner_id
    where follow_up.first_touch_at is not null
),

business_days as (
    select * from {{ ref('int_business_days') }}
),

int_business_hours as (
    select
        touched.lead_id,
        (
            ({{ business_seconds('touched.first_touch_at', 'touch_days') }})
            - ({{ business_seconds('touched.handed_over_at', 'handover_days') }})
        ) / 3600.0 as business_hours_to_first_touch
    from touched
    inner join business_days as handover_days
        on
            touched.time_zone = handover_days.time_zone
            and cast({{ local_time('touched.handed_over_at', 'touched.time_zone') }} as date)
            = handover_days.date_day
    inner join business_days as touch_days
        on
            touched.time_zone = touch_days.time_zone
            and cast({{ local_time('touched.first_touch_at', 'touched.time_zone') }} as date)
            = touch_days.date_day
)

select * from int_business_hours
