-- Grain: one row per row of the raw table contact_property_history.
{{ config(materialized='table') }}

with

source_rows as (
    {{ raw(source('hubspot', 'contact_property_history')) }}
),

judged as (
    {{ row_rules(
        'source_rows', key=['contact_id', 'name', 'value', 'timestamp'], needs=['contact_id'],
        dated_by='timestamp', ends_by='timestamp', keeps_versions=true,
        copies_in=source('hubspot', 'contact_property_history')
    ) }}
),

stg_hubspot__contact_property_history as (
    select
        crm,
        {{ raw_key('contact_id') }} as contact_id,
        {{ folded('name') }} as property,
        value as new_value,
        {{ column_name('timestamp') }} as changed_at,
        {{ folded('source') }} as change_source,
        row_status,
        row_reason
    from judged
)

select * from stg_hubspot__contact_property_history
