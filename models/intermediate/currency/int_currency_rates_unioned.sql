{{ config(materialized='view') }}
-- One row per rate of a currency.
with

int_currency_rates_unioned as (
    {{ unioned([
        'stg_salesforce__currency_rates',
    ], [
        'crm', 'currency', 'rate', 'valid_from', 'valid_to',
    ]) }}
)

select * from int_currency_rates_unioned
