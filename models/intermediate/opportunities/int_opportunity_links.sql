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

-- Of an account the earliest lead in the days before. Both are read once, in order of time: a
-- placeholder of an account has a hundred thousand of each, too many to pair.
account_leads as (
    select company_id, captured_at, min(lead_id) as lead_id
    from people
    where company_id in (select opportunities.company_id from opportunities)
    group by company_id, captured_at
),

account_moments as (
    select
        company_id,
        captured_at as moment,
        captured_at,
        cast(null as {{ text_type() }}) as opportunity_id,
        cast(null as timestamp) as created_at
    from account_leads
    union all
    select
        company_id,
        {{ add_days('created_at', '-' ~ var('account_link_days')) }} as moment,
        cast(null as timestamp) as captured_at,
        opportunity_id,
        created_at
    from opportunities
    where company_id is not null
),

-- Backwards: the last capture that was read is the next one in time.
next_captures as (
    select
        company_id,
        opportunity_id,
        created_at,
        min(captured_at) over (
            partition by company_id
            order by moment desc, opportunity_id asc nulls first
            rows unbounded preceding
        ) as next_captured_at
    from account_moments
    where moment is not null
),

by_account as (
    select next_captures.opportunity_id, account_leads.lead_id, 3 as link_tier
    from next_captures
    inner join account_leads
        on
            next_captures.company_id = account_leads.company_id
            and next_captures.next_captured_at = account_leads.captured_at
    where next_captures.next_captured_at <= next_captures.created_at
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
