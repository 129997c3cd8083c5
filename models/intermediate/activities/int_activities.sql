-- One row per task or meeting, person and deal it is with: what it was, when it happened (null: not by as_of), and the lead it
-- belongs to.
with

tasks as (
    select * from {{ ref('int_tasks') }}
),

merge_chains as (
    select * from {{ ref('int_lead_merges') }}
),

-- Where the CRM knows outcomes, booked is not held; elsewhere a meeting is held once it has begun.
meetings as (
    select
        meetings.*,
        meetings.starts_at <= {{ as_of() }}
        and (meetings.outcome is null or coalesce(outcomes.is_held, false)) as is_held,
        meetings.starts_at > {{ as_of() }}
        and (meetings.outcome is null or coalesce(outcomes.is_ahead or outcomes.is_held, true))
            as is_ahead
    from {{ ref('int_meetings_unioned') }} as meetings
    left join {{ ref('meeting_outcomes') }} as outcomes
        on
            {{ folded('meetings.outcome') }} = {{ folded('outcomes.raw_value') }}
            and {{ in_force(
                'outcomes', 'coalesce(' ~ reporting_day('meetings.created_at') ~ ', ' ~ today() ~ ')'
            ) }}
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
        coalesce(merge_chains.surviving_record_id, tasks.who_id) as person_id,
        coalesce(classes.is_auto_logged, false) as is_auto_logged,
        coalesce(classes.is_inbound, false) as is_inbound,
        coalesce(outcomes.is_conversation, false) and tasks.kind = 'call' as is_talk
    from dated_tasks as tasks
    left join person_ids on tasks.who_id = person_ids.person_id
    left join merge_chains on tasks.who_id = merge_chains.record_id
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
        kind,
        case when is_inbound then 'inbound' else 'outbound' end as direction,
        lead_id,
        person_id as who_id,
        what_id,
        done_at as happened_at,
        is_time_inferred,
        is_scheduled,
        done_at is not null and not is_auto_logged and not is_inbound as is_touch,
        done_at is not null and is_talk as is_conversation,
        done_at is not null and not is_auto_logged as is_work
    from classified_tasks

    union all

    select
        meetings.crm,
        meetings.meeting_id as activity_id,
        'meeting' as kind,
        cast(null as {{ text_type() }}) as direction,
        person_ids.lead_id,
        coalesce(merge_chains.surviving_record_id, meetings.who_id) as who_id,
        meetings.what_id,
        case when meetings.is_held then meetings.starts_at end as happened_at,
        false as is_time_inferred,
        coalesce(meetings.is_ahead, false) as is_scheduled,
        false as is_touch,
        coalesce(meetings.is_held, false) as is_conversation,
        coalesce(meetings.is_held, false) as is_work
    from meetings
    left join person_ids on meetings.who_id = person_ids.person_id
    left join merge_chains on meetings.who_id = merge_chains.record_id
)

select * from int_activities
