-- Grain: one row per row of the raw table campaign.
with source_rows as (
    {{ raw(source('salesforce', 'campaign')) }}
),

judged as (
    {{ row_rules('source_rows', needs=['id']) }}
),

stg_salesforce__campaigns as (
    select
        crm,
        {{ raw_key('id') }} as campaign_id,
        name,
        type,
        start_date,
        end_date,
        actual_cost as cost,
        currency_iso_code as currency,
        row_status,
        row_reason
    from judged
)

select * from stg_salesforce__campaigns
