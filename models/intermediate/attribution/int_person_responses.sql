{{ config(materialized='view') }}
-- One row per response by as_of: the lead it is of, or the contact that is no lead's (person_id).
with

responses as (
    select * from {{ ref('int_responses_unioned') }}
    where responded_at is null or responded_at <= {{ as_of() }}
),

person_ids as (
    select * from {{ ref('int_person_ids') }}
),

campaigns as (
    select * from {{ ref('int_campaigns_unioned') }}
),

int_person_responses as (
    select
        responses.crm,
        responses.response_id,
        coalesce(leads.lead_id, contacts.lead_id) as lead_id,
        coalesce(
            leads.lead_id,
            contacts.lead_id,
            merge_chains.surviving_record_id,
            responses.contact_id
        ) as person_id,
        responses.campaign_id,
        responses.responded_at,
        campaigns.name as campaign,
        campaigns.campaign_id is not null as has_campaign,
        coalesce(responses.offer, campaigns.name) as offer
    from responses
    left join person_ids as leads on responses.lead_id = leads.person_id
    left join person_ids as contacts on responses.contact_id = contacts.person_id
    left join {{ ref('int_lead_merges') }} as merge_chains
        on responses.contact_id = merge_chains.record_id
    left join campaigns on responses.campaign_id = campaigns.campaign_id
)

select * from int_person_responses
