-- Grain: one row per activity that is a meeting.
with

stg_generic__meetings as (
    select
        crm,
        activity_id as meeting_id,
        lead_id as who_id,
        opportunity_id as what_id,
        owner_id,
        coalesce(completed_at, scheduled_at) as starts_at,
        cast(null as timestamp) as created_at,
        -- Booked is not held, even when its time has passed.
        case when completed_at is null then 'SCHEDULED' end as outcome,
        cast(null as {{ text_type() }}) as activity_source,
        row_status
    from {{ ref('stg_generic__activities') }}
    where is_meeting
)

select * from stg_generic__meetings
