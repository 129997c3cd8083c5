-- Grain: one row per row of the raw table deal_flow.
{{ config(materialized='table') }}

with source_rows as (
    {{ raw(source('pipedrive', 'deal_flow')) }}
),

judged as (
    {{ row_rules(
        'source_rows', key=['item_id', 'field_key', 'new_value', 'log_time'], needs=['item_id'],
        dated_by='log_time', ends_by='log_time'
    ) }}
),

stg_pipedrive__deal_flow as (
    select
        crm,
        {{ raw_key("item_id || ' ' || " ~ moment_text("log_time") ~ " || ' ' || new_value") }}
            as change_id,
        {{ raw_key('item_id') }} as opportunity_id,
        field_key,
        new_value,
        log_time as changed_at,
        row_status,
        row_reason
    from judged
)

select * from stg_pipedrive__deal_flow
