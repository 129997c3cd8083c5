-- One row per response of a lead by as_of: numbered in the order they happened.
with

int_responses as (
    select
        crm,
        response_id,
        lead_id,
        campaign_id,
        responded_at,
        campaign,
        offer,
        row_number() over (
            partition by lead_id order by responded_at nulls last, response_id
        ) as response_number
    from {{ ref('int_person_responses') }}
    where lead_id is not null
)

select * from int_responses
