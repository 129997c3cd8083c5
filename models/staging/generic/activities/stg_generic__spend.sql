-- Grain: one row per row of the raw table spend.
with source_rows as (
    {{ raw(source('generic', 'spend')) }}
),

judged as (
    {{ row_rules('source_rows', key=[]) }}
),

dated as (
    select
        *,
        {{ try_date(date_of_month('month')) }} as day_in_month
    from judged
),

stg_generic__spend as (
    select
        crm,
        source as lead_source,
        campaign,
        {{ raw_key(folded('campaign')) }} as campaign_id,
        {{ month_of('day_in_month') }} as spend_month,
        amount,
        row_status,
        row_reason
    from dated
)

select * from stg_generic__spend
