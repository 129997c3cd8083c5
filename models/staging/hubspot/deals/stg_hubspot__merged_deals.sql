-- Grain: one row per row of the raw table merged_deal.
with

source_rows as (
    {{ raw(source('hubspot', 'merged_deal')) }}
),

judged as (
    {{ row_rules(
        'source_rows', key=['deal_id', 'merged_deal_id'], needs=['deal_id', 'merged_deal_id']
    ) }}
),

stg_hubspot__merged_deals as (
    select
        crm,
        {{ raw_key('merged_deal_id') }} as merged_deal_id,
        {{ raw_key('deal_id') }} as deal_id,
        row_status,
        row_reason
    from judged
)

select * from stg_hubspot__merged_deals
