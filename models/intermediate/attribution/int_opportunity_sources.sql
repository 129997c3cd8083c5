-- One row per opportunity: the source of its lead; without a lead its own lead source, then its
-- campaign's.
with

opportunities as (
    select * from {{ ref('int_opportunities') }}
),

int_opportunity_sources as (
    select
        opportunities.opportunity_id,
        case
            when opportunities.lead_id is not null then lead_sources.source
            else coalesce(own_names.source, campaigns.source, 'unknown')
        end as source,
        case
            when opportunities.lead_id is not null then lead_sources.definition_on
            else opportunities.definition_on
        end as definition_on
    from opportunities
    left join
        {{ ref('int_lead_sources') }} as lead_sources
        on opportunities.lead_id = lead_sources.lead_id
    left join {{ ref('int_source_names') }} as own_names
        on
            {{ folded('opportunities.lead_source') }} = own_names.raw_key
            and opportunities.definition_on = own_names.definition_on
    left join {{ ref('int_campaign_sources') }} as campaigns
        on
            opportunities.campaign_id = campaigns.campaign_id
            and opportunities.definition_on = campaigns.definition_on
)

select * from int_opportunity_sources
