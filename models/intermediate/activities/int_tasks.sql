-- One row per task that counts, person and deal it is with: when it was completed, and whether it is still to be done.
-- A table: as a part of what reads it, it did not fit into 8 GB of memory with the tasks of ten million leads.
with

tasks as (
    select
        *,
        coalesce(is_closed, {{ folded('status') }} in ('completed', 'closed'), false) as is_done,
        coalesce({{ reporting_day('created_at') }}, {{ today() }}) as created_on,
        {{ folded("coalesce(type, '')") }} as type_key,
        {{ folded("coalesce(subtype, '')") }} as subtype_key,
        {{ folded("coalesce(direction, '')") }} as direction_key,
        {{ folded("coalesce(subject, '')") }} as subject_key,
        {{ folded("coalesce(activity_source, '')") }} as source_key
    from {{ ref('int_tasks_unioned') }}
),

-- A closed task without a completion time was done when it was logged, or when it was due if that
-- was later.
timed as (
    select
        *,
        coalesce(completed_at, {{ latest_of(['created_at', start_of_day('due_date')]) }})
            as done_at
    from tasks
),

int_tasks as (
    select
        crm,
        task_id,
        who_id,
        what_id,
        owner_id,
        created_on,
        type_key,
        subtype_key,
        direction_key,
        subject_key,
        source_key,
        type_key
        || '|'
        || subtype_key
        || '|'
        || direction_key
        || '|'
        || subject_key
        || '|'
        || source_key as activity_key,
        case
            when 'call' in (type_key, subtype_key) then 'call'
            when 'email' in (type_key, subtype_key) then 'email'
            -- Only of a call is it written how it went.
            when disposition is not null then 'call'
            else 'task'
        end as kind,
        disposition,
        {{ folded('disposition') }} as disposition_key,
        case when is_done and done_at <= {{ as_of() }} then done_at end as done_at,
        completed_at is null as is_time_inferred,
        -- Of a task that has its completion alone, after as_of, nobody knows whether it was there.
        not (is_done and coalesce(done_at <= {{ as_of() }}, true))
        and coalesce(due_date >= {{ today() }}, created_at is not null or completed_at is null)
            as is_scheduled
    from timed
)

select * from int_tasks
