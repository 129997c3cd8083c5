-- One row per opportunity and lead it came from, with the tier of the link. Tier 1 may name several
-- leads; is_primary is the one.
with

opportunities as (
    select opportunity_id, company_id, created_at from {{ ref('int_opportunity_states') }}
),

records as (
    select * from {{ ref('int_lead_records') }} where lead_id is not null and not is_merged_away
),

people as (
    select lead_id, captured_at, company_id from {{ ref('int_people') }}
),

contacts as (
    select * from {{ ref('int_opportunity_contacts') }}
),

converted as (
    select opportunity_ids.opportunity_id, records.lead_id, 1 as link_tier
    from {{ ref('int_opportunity_ids') }} as opportunity_ids
    inner join records on opportunity_ids.record_id = records.converted_opportunity_id
    {{ distinct_union() }}
    select opportunity_id, lead_id, 1 as link_tier
    from contacts
    where is_lead_link and lead_id is not null
),

by_contact as (
    select distinct contacts.opportunity_id, records.lead_id, 2 as link_tier
    from contacts
    inner join records on contacts.contact_id = records.converted_contact_id
    where not contacts.is_lead_link
),

by_account as (
    select opportunities.opportunity_id, people.lead_id, 3 as link_tier
    from opportunities
    inner join people on opportunities.company_id = people.company_id
    where
        people.captured_at <= opportunities.created_at
        and opportunities.created_at
        <= {{ add_days('people.captured_at', var('account_link_days')) }}
),

candidates as (
    select * from converted
    union all
    select * from by_contact
    union all
    select * from by_account
),

ranked as (
    select
        candidates.opportunity_id,
        candidates.lead_id,
        candidates.link_tier,
        row_number() over (
            partition by candidates.opportunity_id
            order by candidates.link_tier, people.captured_at nulls last, candidates.lead_id
        ) as preference
    from candidates
    inner join people on candidates.lead_id = people.lead_id
),

int_opportunity_links as (
    select opportunity_id, lead_id, link_tier, preference = 1 as is_primary
    from ranked
    where link_tier = 1 or preference = 1
)

select * from int_opportunity_links
