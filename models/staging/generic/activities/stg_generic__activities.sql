-- Grain: one row per row of the raw table activities.
{{ config(materialized='table') }}

with source_rows as (
    {{ raw(source('generic', 'activities')) }}
),

judged as (
    {{ row_rules('source_rows', key=['activity_id']) }}
),

stg_generic__activities as (
    select
        crm,
        {{ raw_key_or_place('activity_id') }} as activity_id,
        {{ raw_key('lead_id') }} as lead_id,
        {{ raw_key('opportunity_id') }} as opportunity_id,
        type,
        {{ says_meeting('type', ['meeting', 'demo', 'appointment']) }} as is_meeting,
        direction,
        completed_at,
        scheduled_at,
        {{ day_of_moment('scheduled_at') }} as scheduled_on,
        {{ raw_key('owner') }} as owner_id,
        row_status,
        row_reason
    from judged
)

select * from stg_generic__activities
