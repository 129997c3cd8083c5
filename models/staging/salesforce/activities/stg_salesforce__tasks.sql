-- Grain: one row per row of the raw table task.
{{ config(materialized='table') }}

with source_rows as (
    {{ raw(source('salesforce', 'task')) }}
),

judged as (
    {{ row_rules('source_rows', ends_by='created_date', copies_in=source('salesforce', 'task')) }}
),

stg_salesforce__tasks as (
    select
        crm,
        {{ raw_key_or_place('id', 'task-') }} as task_id,
        {{ raw_key('who_id') }} as who_id,
        {{ raw_key('what_id') }} as what_id,
        {{ raw_key('owner_id') }} as owner_id,
        subject,
        status,
        is_closed,
        type,
        task_subtype as subtype,
        call_type as direction,
        call_disposition as disposition,
        cast(null as {{ text_type() }}) as activity_source,
        created_date as created_at,
        activity_date as due_date,
        completed_date_time as completed_at,
        row_status,
        row_reason
    from judged
)

select * from stg_salesforce__tasks
