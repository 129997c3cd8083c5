-- One row per response of a lead by as_of: numbered in the order they happened, those to a campaign
-- (one that exists) among themselves too.
-- Windows of one select that are written alike are sorted once.
{%- set in_order = 'partition by lead_id order by responded_at nulls last, response_id' %}
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
        row_number() over ({{ in_order }}) as response_number,
        case
            when has_campaign
                then
                    cast(
                        sum(case when has_campaign then 1 else 0 end)
                            over ({{ in_order }} rows unbounded preceding)
                        as integer
                    )
        end as campaign_number
    from {{ ref('int_person_responses') }}
    where lead_id is not null
)

select * from int_responses
