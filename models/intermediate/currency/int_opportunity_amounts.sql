-- One row per opportunity: its amount as entered and in the reporting currency (null without a
-- rate).
with

opportunities as (
    select
        opportunity_id,
        crm,
        amount,
        close_date,
        upper(coalesce(currency, '{{ var("reporting_currency") }}')) as currency
    from {{ ref('int_opportunity_states') }}
),

priced as (
    select
        opportunities.*,
        {{ conversion_rate('opportunities.currency') }} as rate,
        {{ conversion_rate_preference('opportunities.opportunity_id') }} as preference
    from opportunities
    {{ join_conversion_rates('opportunities', 'close_date') }}
),

int_opportunity_amounts as (
    select
        opportunity_id,
        amount as amount_original,
        currency,
        amount / rate as amount
    from priced
    where preference = 1
)

select * from int_opportunity_amounts
