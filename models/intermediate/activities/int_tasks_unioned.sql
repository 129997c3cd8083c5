{{ config(materialized='view') }}
-- One row per task, person and deal it is with.
with

int_tasks_unioned as (
    {{ unioned([
        'stg_salesforce__tasks',
        'stg_hubspot__tasks',
        'stg_generic__tasks',
        'stg_pipedrive__tasks',
    ], [
        'crm', 'task_id', 'who_id', 'what_id', 'owner_id', 'subject', 'status', 'is_closed',
        'type', 'subtype', 'direction', 'disposition', 'activity_source', 'created_at',
        'due_date', 'completed_at',
    ]) }}
)

select * from int_tasks_unioned
