-- One row per task or meeting: what it was, when it happened (null: not by as_of), and the lead it
-- belongs to.
with

tasks as (
    select * from {{ ref('int_tasks') }}
),

events as (
    select * from {{ ref('stg_salesforce__events') }} where row_status = 'used'
),

person_ids as (
    select * from {{ ref('int_person_ids') }}
),

dated_tasks as (
    select tasks.*, periods.period_from as definition_on
    from tasks
    inner join {{ ref('int_definition_periods') }} as periods
        on
            tasks.created_on >= periods.period_from
            and (periods.period_to is null or tasks.created_on < periods.period_to)
),

classified_tasks as (
    select
        tasks.*,
        person_ids.lead_id,
        coalesce(classes.is_auto_logged, false) as is_auto_logged,
        coalesce(classes.is_inbound, false) as is_inbound,
        coalesce(outcomes.is_conversation, false) and tasks.is_call as is_talk
    from dated_tasks as tasks
    left join person_ids on tasks.who_id = person_ids.person_id
    left join {{ ref('int_activity_classes') }} as classes
        on tasks.activity_key = classes.activity_key and tasks.definition_on = classes.definition_on
    left join {{ ref('call_outcomes') }} as outcomes
        on
            tasks.disposition_key = {{ folded('outcomes.raw_value') }}
            and {{ in_force('outcomes', 'tasks.definition_on') }}
),

int_activities as (
    select
        crm,
        task_id as activity_id,
        'task' as kind,
        lead_id,
        who_id,
        what_id,
        done_at as happened_at,
        is_scheduled,
        done_at is not null and not is_auto_logged and not is_inbound as is_touch,
        done_at is not null and is_talk as is_conversation,
        done_at is not null and not is_auto_logged as is_work
    from classified_tasks

    union all

    select
        events.crm,
        events.event_id as activity_id,
        'meeting' as kind,
        person_ids.lead_id,
        events.who_id,
        events.what_id,
        case when events.starts_at <= {{ as_of() }} then events.starts_at end as happened_at,
        coalesce(events.starts_at > {{ as_of() }}, false) as is_scheduled,
        false as is_touch,
        coalesce(events.starts_at <= {{ as_of() }}, false) as is_conversation,
        coalesce(events.starts_at <= {{ as_of() }}, false) as is_work
    from events
    left join person_ids on events.who_id = person_ids.person_id
)

select * from int_activities
