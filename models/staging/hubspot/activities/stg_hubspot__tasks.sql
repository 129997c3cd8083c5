-- Grain: one row per task, contact and deal that it is with; completed calls and e-mails are tasks.
-- A call or an e-mail that failed, or is still to come, is nothing.
{{ config(materialized='table') }}

with

activities as (
    select *, kind <> 'task' or coalesce(status = 'completed', false) as is_closed
    from {{ ref('stg_hubspot__activities') }}
    where
        kind = 'task'
        or (
            (
                (kind = 'call' and coalesce(status, 'completed') = 'completed')
                or (kind = 'email' and coalesce(status, 'sent') = 'sent')
            )
            and coalesce(happens_at <= {{ as_of() }}, true)
        )
),

links as (
    select * from {{ ref('stg_hubspot__engagement_links') }}
),

stg_hubspot__tasks as (
    select
        activities.crm,
        activities.engagement_id as task_id,
        links.contact_id as who_id,
        links.deal_id as what_id,
        activities.owner_id,
        activities.subject,
        activities.status,
        activities.is_closed,
        activities.kind as type,
        activities.task_type as subtype,
        activities.direction,
        activities.disposition,
        activities.activity_source,
        activities.created_at,
        case when activities.kind = 'task' then {{ day_of_moment('activities.happens_at') }} end
            as due_date,
        case
            when activities.is_closed then coalesce(activities.completed_at, activities.happens_at)
        end as completed_at,
        'used' as row_status
    from activities
    left join links on activities.engagement_id = links.engagement_id
)

select * from stg_hubspot__tasks
