-- Grain: one row per activity that is a meeting.
with

activities as (
    select *, coalesce(completed_at <= {{ as_of() }}, false) as is_completed
    from {{ ref('stg_generic__activities') }}
),

stg_generic__meetings as (
    select
        crm,
        activity_id as meeting_id,
        lead_id as who_id,
        opportunity_id as what_id,
        owner_id,
        case when is_completed then completed_at else scheduled_at end as starts_at,
        cast(null as timestamp) as created_at,
        -- Booked is not held, even when its time has passed.
        case when not is_completed then 'SCHEDULED' end as outcome,
        cast(null as {{ text_type() }}) as activity_source,
        row_status
    from activities
    where is_meeting
)

select * from stg_generic__meetings
