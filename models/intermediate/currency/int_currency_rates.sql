-- One row per CRM, currency and time it is valid: units of the currency that one unit of the
-- reporting currency buys.
-- A rate with a start date comes before the undated one of its currency.
with

rates as (
    select * from {{ ref('int_currency_rates_unioned') }} where rate > 0
),

int_currency_rates as (
    select
        crm,
        upper(currency) as currency,
        rate,
        valid_from,
        valid_to,
        valid_from is not null as is_dated
    from rates
)

select * from int_currency_rates
