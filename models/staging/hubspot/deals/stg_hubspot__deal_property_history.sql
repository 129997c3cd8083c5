-- Grain: one row per row of the raw table deal_property_history.
{{ config(materialized='table') }}

with

source_rows as (
    {{ raw(source('hubspot', 'deal_property_history')) }}
),

judged as (
    {{ row_rules(
        'source_rows', key=['deal_id', 'name', 'value', 'timestamp'], needs=['deal_id'],
        dated_by='timestamp', ends_by='timestamp', keeps_versions=true,
        copies_in=source('hubspot', 'deal_property_history')
    ) }}
),

stg_hubspot__deal_property_history as (
    select
        crm,
        {{ raw_key('deal_id') }} as deal_id,
        name as property,
        value as new_value,
        {{ column_name('timestamp') }} as changed_at,
        row_status,
        row_reason
    from judged
)

select * from stg_hubspot__deal_property_history
