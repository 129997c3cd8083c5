-- Grain: one row per row of Airbyte's table deals_archived. Its copy of the table of deals may not
-- have heard of it.
with

source_rows as (
    {{ raw(source('hubspot', 'deal_archived')) }}
),

judged as (
    {{ row_rules('source_rows', key=['deal_id'], needs=['deal_id']) }}
),

stg_hubspot__archived_deals as (
    select
        crm,
        {{ raw_key('deal_id') }} as deal_id,
        last_modified_date as last_modified_at,
        case when row_status = 'used' then 'excluded' else row_status end as row_status,
        coalesce(row_reason, 'deleted') as row_reason
    from judged
)

select * from stg_hubspot__archived_deals
