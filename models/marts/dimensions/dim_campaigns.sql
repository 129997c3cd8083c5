-- One row per campaign.
with

campaigns as (
    select * from {{ ref('int_campaigns_unioned') }}
),

responses as (
    select campaign_id, count(*) as responses
    from {{ ref('int_responses') }}
    group by campaign_id
),

dim_campaigns as (
    select
        campaigns.campaign_id,
        campaigns.crm,
        campaigns.name as campaign,
        campaigns.type as campaign_type,
        coalesce(campaign_sources.source, 'unknown') as source,
        campaigns.start_date,
        campaigns.end_date,
        cast(costs.cost as {{ double_type() }}) as cost,
        cast(coalesce(responses.responses, 0) as integer) as responses
    from campaigns
    left join {{ ref('int_current_campaigns') }} as campaign_sources
        on campaigns.campaign_id = campaign_sources.campaign_id
    left join {{ ref('int_campaign_costs') }} as costs on campaigns.campaign_id = costs.campaign_id
    left join responses on campaigns.campaign_id = responses.campaign_id
)

select * from dim_campaigns
