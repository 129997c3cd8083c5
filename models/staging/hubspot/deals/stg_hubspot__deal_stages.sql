-- Grain: one row per row of the raw table deal_stage, or of dlt's stages_timing_deals.
{{ config(materialized='table') }}

with

source_rows as (
    {{ raw(source('hubspot', 'deal_stage')) }}
),

judged as (
    {{ row_rules(
        'source_rows', key=['deal_id', 'value', 'date_entered'], needs=['deal_id'],
        dated_by='date_entered', ends_by='date_entered', keeps_versions=true
    ) }}
),

stg_hubspot__deal_stages as (
    select
        crm,
        {{ raw_key('deal_id') }} as deal_id,
        value as stage_id,
        date_entered as entered_at,
        row_status,
        row_reason
    from judged
)

select * from stg_hubspot__deal_stages
