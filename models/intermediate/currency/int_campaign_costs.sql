-- One row per campaign: its actual cost as entered and in the reporting currency (null: not known;
-- 0 is not known).
with

campaigns as (
    select
        campaign_id,
        crm,
        start_date,
        -- A campaign that begins later has cost nothing yet.
        case when cost > 0 and coalesce(start_date <= {{ today() }}, true) then cost end as cost,
        upper(coalesce(currency, '{{ var("reporting_currency") }}')) as currency
    from {{ ref('int_campaigns_unioned') }}
),

priced as (
    select
        campaigns.*,
        {{ conversion_rate('campaigns.currency') }} as rate,
        {{ conversion_rate_preference('campaigns.campaign_id') }} as preference
    from campaigns
    {{ join_conversion_rates('campaigns', 'start_date') }}
),

int_campaign_costs as (
    select
        crm,
        campaign_id,
        start_date,
        currency,
        cost as cost_original,
        cost / rate as cost
    from priced
    where preference = 1
)

select * from int_campaign_costs
