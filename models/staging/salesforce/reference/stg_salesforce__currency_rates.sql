-- Grain: one row per row of the raw tables currency_type and dated_conversion_rate.
with raw_undated as (
    {{ raw(source('salesforce', 'currency_type')) }}
),

raw_dated as (
    {{ raw(source('salesforce', 'dated_conversion_rate')) }}
),

undated as (
    {{ row_rules('raw_undated', key=['iso_code'], needs=['iso_code']) }}
),

dated as (
    {{ row_rules('raw_dated', key=['iso_code', 'start_date'], needs=['iso_code', 'start_date']) }}
),

stg_salesforce__currency_rates as (
    select
        crm,
        'currency_type' as raw_table,
        iso_code as currency,
        conversion_rate as rate,
        cast(null as date) as valid_from,
        cast(null as date) as valid_to,
        row_status,
        row_reason
    from undated

    union all

    select
        crm,
        'dated_conversion_rate' as raw_table,
        iso_code as currency,
        conversion_rate as rate,
        start_date as valid_from,
        next_start_date as valid_to,
        row_status,
        row_reason
    from dated
)

select * from stg_salesforce__currency_rates
