-- Grain: one row per activity that is no meeting.
with

stg_pipedrive__tasks as (
    select
        crm,
        activity_id as task_id,
        lead_id as who_id,
        opportunity_id as what_id,
        owner_id,
        subject,
        cast(null as {{ text_type() }}) as status,
        is_done as is_closed,
        type,
        cast(null as {{ text_type() }}) as subtype,
        cast(null as {{ text_type() }}) as direction,
        -- Pipedrive knows no outcome of a call: it is a touch, and no conversation.
        cast(null as {{ text_type() }}) as disposition,
        cast(null as {{ text_type() }}) as activity_source,
        created_at,
        due_date,
        case when is_done then marked_done_at end as completed_at,
        row_status
    from {{ ref('stg_pipedrive__activities') }}
    where not coalesce(is_meeting, false)
)

select * from stg_pipedrive__tasks
