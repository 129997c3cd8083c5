-- Grain: one row per row of the raw table lead_history.
{{ config(materialized='table') }}

with source_rows as (
    {{ raw(source('salesforce', 'lead_history')) }}
),

judged as (
    {{ row_rules(
        'source_rows', needs=['lead_id'], dated_by='created_date', ends_by='created_date',
        copies_in=source('salesforce', 'lead_history')
    ) }}
),

stg_salesforce__lead_history as (
    select
        crm,
        {{ raw_key('id') }} as history_id,
        {{ raw_key('lead_id') }} as lead_id,
        field,
        old_value,
        new_value,
        created_date as created_at,
        row_status,
        row_reason
    from judged
)

select * from stg_salesforce__lead_history
