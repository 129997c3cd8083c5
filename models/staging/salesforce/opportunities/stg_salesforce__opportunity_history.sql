-- Grain: one row per row of the raw table opportunity_history.
{{ config(materialized='table') }}

with source_rows as (
    {{ raw(source('salesforce', 'opportunity_history')) }}
),

judged as (
    {{ row_rules(
        'source_rows', needs=['opportunity_id'], dated_by='created_date', ends_by='created_date',
        copies_in=source('salesforce', 'opportunity_history')
    ) }}
),

stg_salesforce__opportunity_history as (
    select
        crm,
        {{ raw_key('id') }} as history_id,
        {{ raw_key('opportunity_id') }} as opportunity_id,
        stage_name as stage,
        amount,
        created_date as created_at,
        row_status,
        row_reason
    from judged
)

select * from stg_salesforce__opportunity_history
