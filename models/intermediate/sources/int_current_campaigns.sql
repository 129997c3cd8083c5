{{ config(materialized='ephemeral') }}
-- One row per campaign: its own source by the definitions in force at as_of (null: unknown).
with

int_current_campaigns as (
    select campaign_sources.campaign_id, campaign_sources.source
    from {{ ref('int_campaign_sources') }} as campaign_sources
    inner join {{ ref('int_definition_periods') }} as periods
        on campaign_sources.definition_on = periods.period_from
    where periods.is_current
)

select * from int_current_campaigns
