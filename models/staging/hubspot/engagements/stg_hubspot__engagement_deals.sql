-- Grain: one row per row of the raw table engagement_deal.
{{ config(materialized='table') }}

with

source_rows as (
    {{ raw(source('hubspot', 'engagement_deal')) }}
),

judged as (
    {{ row_rules(
        'source_rows', key=['engagement_id', 'deal_id'], needs=['engagement_id', 'deal_id']
    ) }}
),

stg_hubspot__engagement_deals as (
    select
        crm,
        {{ raw_key('engagement_id') }} as engagement_id,
        {{ raw_key('deal_id') }} as deal_id,
        row_status,
        row_reason
    from judged
)

select * from stg_hubspot__engagement_deals
