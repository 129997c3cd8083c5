-- One row per response of a lead by as_of: a campaign member who responded, numbered in the order
-- they happened.
with

members as (
    select
        *,
        -- Nothing happens to a member before the record exists.
        greatest(first_responded_at, created_at) as responded_at
    from {{ ref('stg_salesforce__campaign_members') }}
    where row_status = 'used' and (coalesce(has_responded, false) or first_responded_at is not null)
),

person_ids as (
    select * from {{ ref('int_person_ids') }}
),

campaigns as (
    select * from {{ ref('stg_salesforce__campaigns') }} where row_status = 'used'
),

responses as (
    select
        members.crm,
        members.member_id as response_id,
        coalesce(leads.lead_id, contacts.lead_id) as lead_id,
        members.campaign_id,
        members.responded_at,
        campaigns.name as campaign
    from members
    left join person_ids as leads on members.lead_id = leads.person_id
    left join person_ids as contacts on members.contact_id = contacts.person_id
    left join campaigns on members.campaign_id = campaigns.campaign_id
    where coalesce(members.responded_at <= {{ as_of() }}, true)
),

int_responses as (
    select
        *,
        row_number() over (
            partition by lead_id order by responded_at nulls last, response_id
        ) as response_number
    from responses
    where lead_id is not null
)

select * from int_responses
