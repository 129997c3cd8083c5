-- Grain: one row per row of the raw table opportunity_field_history.
{{ config(materialized='table') }}

with source_rows as (
    {{ raw(source('salesforce', 'opportunity_field_history')) }}
),

judged as (
    {{ row_rules(
        'source_rows', needs=['opportunity_id'], dated_by='created_date', ends_by='created_date',
        copies_in=source('salesforce', 'opportunity_field_history')
    ) }}
),

stg_salesforce__opportunity_field_history as (
    select
        crm,
        {{ raw_key('id') }} as history_id,
        {{ raw_key('opportunity_id') }} as opportunity_id,
        field,
        old_value,
        new_value,
        created_date as created_at,
        row_status,
        row_reason
    from judged
)

select * from stg_salesforce__opportunity_field_history
