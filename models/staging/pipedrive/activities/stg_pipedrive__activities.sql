-- Grain: one row per row of the raw table activities.
{{ config(materialized='table') }}

with source_rows as (
    {{ raw(source('pipedrive', 'activities')) }}
),

activities as (
    select *, coalesce(deleted_flag, not active_flag, false) as is_deleted from source_rows
),

judged as (
    {{ row_rules('activities', needs=['id'], ends_by='add_time') }}
),

stg_pipedrive__activities as (
    select
        crm,
        {{ raw_key('id') }} as activity_id,
        {{ raw_key('person_id') }} as lead_id,
        {{ raw_key('deal_id') }} as opportunity_id,
        {{ raw_key('user_id') }} as owner_id,
        subject,
        type,
        {{ says_meeting('type', ['meeting', 'demo', 'appointment', 'lunch']) }} as is_meeting,
        coalesce(done, false) as is_done,
        due_date,
        coalesce(
            {{ try_timestamp(
                "cast(due_date as " ~ text_type() ~ ") || ' ' || substr(due_time, 1, 5) || ':00'"
            ) }},
            {{ start_of_day('due_date') }}
        ) as due_at,
        marked_as_done_time as marked_done_at,
        add_time as created_at,
        row_status,
        row_reason
    from judged
)

select * from stg_pipedrive__activities
