-- One row per month and source: the cost of campaigns, divided over the sources of the leads that
-- responded to them, and what is listed as spent on a source (by the definitions of its month).
with

spend as (
    select *, coalesce(spend_month, {{ today() }}) as judged_on
    from {{ ref('int_spend_unioned') }}
    where amount > 0
),

listed as (
    select spend.*, source_names.source
    from spend
    inner join {{ ref('int_definition_periods') }} as periods
        on
            spend.judged_on >= periods.period_from
            and (periods.period_to is null or spend.judged_on < periods.period_to)
    left join {{ ref('int_source_names') }} as source_names
        on
            {{ folded('spend.lead_source') }} = source_names.raw_key
            and periods.period_from = source_names.definition_on
    where spend.judged_on <= {{ today() }}
),

costs as (
    select campaign_id, start_date as spent_on, cost
    from {{ ref('int_campaign_costs') }}
    where cost is not null
    union all
    select campaign_id, spend_month as spent_on, amount as cost
    from listed
    where source is null
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
        cast(leads as {{ double_type() }}) / sum(leads) over (partition by campaign_id) as share
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
            {{ month_of('costs.spent_on') }},
            {{ reporting_month('first_responses.responded_at') }}
        ) as spend_month,
        coalesce(shares.source, own_sources.source, 'unknown') as source,
        costs.cost * coalesce(shares.share, 1) as cost
    from costs
    left join shares on costs.campaign_id = shares.campaign_id
    left join first_responses on costs.campaign_id = first_responses.campaign_id
    left join own_sources on costs.campaign_id = own_sources.campaign_id
),

all_spend as (
    select spend_month, source, cost from divided
    union all
    select {{ month_of('spend_month') }} as spend_month, source, amount as cost
    from listed
    where source is not null
),

int_spend as (
    select spend_month, source, sum(cost) as spend
    from all_spend
    where {{ is_retained('spend_month') }}
    group by spend_month, source
)

select * from int_spend
