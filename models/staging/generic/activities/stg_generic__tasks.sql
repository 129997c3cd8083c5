-- Grain: one row per activity that is no meeting.
with

stg_generic__tasks as (
    select
        crm,
        activity_id as task_id,
        lead_id as who_id,
        opportunity_id as what_id,
        owner_id,
        cast(null as {{ text_type() }}) as subject,
        cast(null as {{ text_type() }}) as status,
        completed_at is not null as is_closed,
        type,
        -- The type is free text: `Phone call`, `E-mail sent`.
        case
            when
                {{ words('type') }} like '% call %'
                or {{ words('type') }} like '% calls %'
                or {{ words('type') }} like '% phone %'
                then 'call'
            when
                {{ words('type') }} like '% email %'
                or {{ words('type') }} like '% emails %'
                or {{ words('type') }} like '% mail %'
                then 'email'
        end as subtype,
        direction,
        -- Without a disposition a call is a touch, and no conversation.
        cast(null as {{ text_type() }}) as disposition,
        cast(null as {{ text_type() }}) as activity_source,
        cast(null as timestamp) as created_at,
        scheduled_on as due_date,
        completed_at,
        row_status
    from {{ ref('stg_generic__activities') }}
    where not is_meeting
)

select * from stg_generic__tasks
