-- One row per opportunity: its amount as entered and in the reporting currency (null without a
-- rate).
with

opportunities as (
    select
        opportunity_id,
        crm,
        amount,
        home_amount,
        close_date,
        upper(coalesce(currency, '{{ var("reporting_currency") }}')) as currency
    from {{ ref('int_opportunity_states') }}
),

priced as (
    select
        opportunities.*,
        {{ conversion_rate('opportunities.currency') }} as known_rate,
        dated_rates.valid_from as dated_rate_on,
        {{ conversion_rate_preference('opportunities.opportunity_id') }} as preference
    from opportunities
    {{ join_conversion_rates('opportunities', 'close_date') }}
),

int_opportunity_amounts as (
    select
        opportunity_id,
        amount as amount_original,
        currency,
        coalesce(
            known_rate,
            case
                when amount / nullif(home_amount, 0) > 0 then amount / nullif(home_amount, 0)
            end
        ) as currency_rate,
        case
            when currency <> '{{ var("reporting_currency") }}' then dated_rate_on
        end as currency_rate_on,
        -- HubSpot has no rates, but says what a deal is worth at home.
        case when known_rate is not null then amount / known_rate else home_amount end as amount
    from priced
    where preference = 1
)

select * from int_opportunity_amounts
