-- One row per campaign: its actual cost in the reporting currency (null: not known; 0 is not
-- known).
with

campaigns as (
    select
        campaign_id,
        crm,
        start_date,
        -- A campaign that begins later has cost nothing yet.
        case when cost > 0 and coalesce(start_date <= {{ today() }}, true) then cost end as cost,
        upper(coalesce(currency, '{{ var("reporting_currency") }}')) as currency
    from {{ ref('stg_salesforce__campaigns') }}
    where row_status = 'used'
),

int_campaign_costs as (
    select
        campaigns.campaign_id,
        campaigns.start_date,
        campaigns.cost / {{ conversion_rate('campaigns.currency') }} as cost
    from campaigns
    {{ join_conversion_rates('campaigns', 'start_date') }}
    group by campaigns.campaign_id, campaigns.start_date, campaigns.cost, campaigns.currency
)

select * from int_campaign_costs
