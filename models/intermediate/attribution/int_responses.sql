-- One row per response of a lead by as_of: numbered in the order they happened.
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

led_home as (
    select
        responses.crm,
        responses.response_id,
        coalesce(leads.lead_id, contacts.lead_id) as lead_id,
        responses.campaign_id,
        responses.responded_at,
        campaigns.name as campaign,
        coalesce(responses.offer, campaigns.name) as offer
    from responses
    left join person_ids as leads on responses.lead_id = leads.person_id
    left join person_ids as contacts on responses.contact_id = contacts.person_id
    left join campaigns on responses.campaign_id = campaigns.campaign_id
),

int_responses as (
    select
        *,
        row_number() over (
            partition by lead_id order by responded_at nulls last, response_id
        ) as response_number
    from led_home
    where lead_id is not null
)

select * from int_responses
