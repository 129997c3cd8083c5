{{ config(materialized='ephemeral') }}
-- One row per campaign: its own source by the definitions in force at as_of (null: unknown).
with

periods as (
    select * from {{ ref('int_definition_periods') }}
),

int_current_campaigns as (
    select campaign_sources.campaign_id, campaign_sources.source
    from {{ ref('int_campaign_sources') }} as campaign_sources
    inner join periods on campaign_sources.definition_on = periods.period_from
    where
        {{ today() }} >= periods.period_from
        and (periods.period_to is null or {{ today() }} < periods.period_to)
)

select * from int_current_campaigns
