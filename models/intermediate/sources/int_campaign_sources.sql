-- One row per campaign and definition period: the source its type, else its name, stands for (null:
-- unknown).
with

campaigns as (
    select * from {{ ref('int_campaigns_unioned') }}
),

source_names as (
    select * from {{ ref('int_source_names') }}
),

int_campaign_sources as (
    select
        campaigns.campaign_id,
        periods.period_from as definition_on,
        coalesce(by_type.source, by_name.source) as source
    from campaigns
    cross join {{ ref('int_definition_periods') }} as periods
    left join source_names as by_type
        on
            {{ folded('campaigns.type') }} = by_type.raw_key
            and periods.period_from = by_type.definition_on
    left join source_names as by_name
        on
            {{ folded('campaigns.name') }} = by_name.raw_key
            and periods.period_from = by_name.definition_on
)

select * from int_campaign_sources
