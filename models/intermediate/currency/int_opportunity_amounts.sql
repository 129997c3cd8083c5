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

int_opportunity_amounts as (
    select
        opportunities.opportunity_id,
        opportunities.amount as amount_original,
        opportunities.currency,
        opportunities.amount / {{ conversion_rate('opportunities.currency') }} as amount
    from opportunities
    {{ join_conversion_rates('opportunities', 'close_date') }}
    group by opportunities.opportunity_id, opportunities.amount, opportunities.currency
)

select * from int_opportunity_amounts
