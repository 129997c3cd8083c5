-- Grain: one row per activity that is a meeting.
with

stg_pipedrive__meetings as (
    select
        crm,
        activity_id as meeting_id,
        lead_id as who_id,
        opportunity_id as what_id,
        owner_id,
        -- People tick a meeting off hours after it was held, or hold it before it was due.
        case when is_done then {{ earliest_of(['due_at', 'marked_done_at']) }} else due_at end
            as starts_at,
        created_at,
        -- Booked is not held, even when its time has passed.
        case when not is_done then 'SCHEDULED' end as outcome,
        cast(null as {{ text_type() }}) as activity_source,
        row_status
    from {{ ref('stg_pipedrive__activities') }}
    where is_meeting
)

select * from stg_pipedrive__meetings
