-- One row per lead: the first known of its lead source, its first campaign, its utm medium and its
-- utm source; what it responded to.
with

people as (
    select * from {{ ref('int_people') }}
),

first_responses as (
    select lead_id, offer from {{ ref('int_responses') }} where response_number = 1
),

first_campaigns as (
    select lead_id, campaign_id, campaign from {{ ref('int_responses') }} where campaign_number = 1
),

source_names as (
    select * from {{ ref('int_source_names') }}
),

utm_mediums as (
    select * from {{ ref('utm_mediums') }}
),

int_lead_sources as (
    select
        people.lead_id,
        people.definition_on,
        coalesce(
            by_lead_source.source,
            by_campaign.source,
            by_medium.source,
            by_utm_source.source,
            'unknown'
        ) as source,
        coalesce(first_campaigns.campaign, people.utm_campaign) as campaign,
        first_responses.offer
    from people
    left join first_responses on people.lead_id = first_responses.lead_id
    left join first_campaigns on people.lead_id = first_campaigns.lead_id
    left join source_names as by_lead_source
        on
            {{ folded('people.lead_source') }} = by_lead_source.raw_key
            and people.definition_on = by_lead_source.definition_on
    left join {{ ref('int_campaign_sources') }} as by_campaign
        on
            first_campaigns.campaign_id = by_campaign.campaign_id
            and people.definition_on = by_campaign.definition_on
    left join utm_mediums as by_medium
        on
            {{ folded('people.utm_medium') }} = {{ folded('by_medium.raw_value') }}
            and {{ in_force('by_medium', 'people.definition_on') }}
            and by_medium.source <> 'unknown'
    left join source_names as by_utm_source
        on
            {{ folded('people.utm_source') }} = by_utm_source.raw_key
            and people.definition_on = by_utm_source.definition_on
)

select * from int_lead_sources
