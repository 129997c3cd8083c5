-- One row per month and source: the cost of campaigns, divided over the sources of the leads that
-- responded to them.
with

costs as (
    select * from {{ ref('int_campaign_costs') }} where cost is not null
),

responders as (
    select
        responses.campaign_id,
        lead_sources.source,
        count(distinct responses.lead_id) as leads
    from {{ ref('int_responses') }} as responses
    inner join
        {{ ref('int_lead_sources') }} as lead_sources
        on responses.lead_id = lead_sources.lead_id
    group by responses.campaign_id, lead_sources.source
),

shares as (
    select
        campaign_id,
        source,
        cast(leads as double precision) / sum(leads) over (partition by campaign_id) as share
    from responders
),

first_responses as (
    select campaign_id, min(responded_at) as responded_at
    from {{ ref('int_responses') }}
    group by campaign_id
),

own_sources as (
    select * from {{ ref('int_current_campaigns') }}
),

divided as (
    select
        coalesce(
            {{ month_of('costs.start_date') }},
            {{ reporting_month('first_responses.responded_at') }}
        ) as spend_month,
        coalesce(shares.source, own_sources.source, 'unknown') as source,
        costs.cost * coalesce(shares.share, 1) as cost
    from costs
    left join shares on costs.campaign_id = shares.campaign_id
    left join first_responses on costs.campaign_id = first_responses.campaign_id
    left join own_sources on costs.campaign_id = own_sources.campaign_id
),

int_spend as (
    select spend_month, source, sum(cost) as spend
    from divided
    group by spend_month, source
)

select * from int_spend
