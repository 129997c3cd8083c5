-- Grain: one row per row of the raw table event.
{{ config(materialized='table') }}

with source_rows as (
    {{ raw(source('salesforce', 'event')) }}
),

judged as (
    {{ row_rules('source_rows', ends_by='created_date', copies_in=source('salesforce', 'event')) }}
),

stg_salesforce__meetings as (
    select
        crm,
        {{ raw_key_or_place('id', 'event-') }} as meeting_id,
        {{ raw_key('who_id') }} as who_id,
        {{ raw_key('what_id') }} as what_id,
        {{ raw_key('owner_id') }} as owner_id,
        subject,
        coalesce(start_date_time, activity_date_time, activity_date) as starts_at,
        created_date as created_at,
        -- Salesforce knows no outcome of a meeting.
        cast(null as {{ text_type() }}) as outcome,
        cast(null as {{ text_type() }}) as activity_source,
        coalesce(is_child, false) as is_child,
        row_status,
        row_reason
    from judged
)

select * from stg_salesforce__meetings
