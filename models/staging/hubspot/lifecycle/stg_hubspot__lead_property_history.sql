-- Grain: one row per row of the raw table lead_property_history.
{{ config(materialized='table') }}

with

source_rows as (
    {{ raw(source('hubspot', 'lead_property_history')) }}
),

judged as (
    {{ row_rules(
        'source_rows', key=['lead_id', 'name', 'value', 'timestamp'], needs=['lead_id'],
        dated_by='timestamp', ends_by='timestamp', keeps_versions=true,
        copies_in=source('hubspot', 'lead_property_history')
    ) }}
),

stg_hubspot__lead_property_history as (
    select
        crm,
        {{ raw_key('lead_id') }} as lead_object_id,
        {{ folded('name') }} as property,
        value as new_value,
        {{ column_name('timestamp') }} as changed_at,
        {{ folded('source') }} as change_source,
        row_status,
        row_reason
    from judged
)

select * from stg_hubspot__lead_property_history
