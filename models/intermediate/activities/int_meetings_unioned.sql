{{ config(materialized='view') }}
-- One row per meeting, person and deal it is with.
with

int_meetings_unioned as (
    {{ unioned([
        'stg_salesforce__meetings',
        'stg_hubspot__meetings',
        'stg_generic__meetings',
        'stg_pipedrive__meetings',
    ], [
        'crm', 'meeting_id', 'who_id', 'what_id', 'starts_at', 'created_at', 'outcome',
        'activity_source',
    ]) }}
)

select * from int_meetings_unioned
