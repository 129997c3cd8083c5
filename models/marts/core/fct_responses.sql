-- One row per response: one reaction of a person to something offered.
with

fct_responses as (
    select
        responses.response_id,
        responses.lead_id,
        responses.responded_at,
        responses.campaign,
        responses.offer,
        coalesce(campaign_sources.source, lead_sources.source) as source,
        cast(responses.response_number as integer) as response_number
    from {{ ref('int_responses') }} as responses
    inner join
        {{ ref('int_lead_sources') }} as lead_sources
        on responses.lead_id = lead_sources.lead_id
    left join {{ ref('int_current_campaigns') }} as campaign_sources
        on responses.campaign_id = campaign_sources.campaign_id
)

select * from fct_responses
