-- One row per open deal and engaged person of its company who is not tied to it.
with

open_deals as (
    select opportunity_id, company_id, source
    from {{ ref('fct_opportunities') }}
    where outcome = 'open' and company_id is not null
),

-- A contact of a lead is that lead, be its company the one that the lead names or another.
persons as (
    select open_deals.opportunity_id, people.lead_id as person_id, people.lead_id
    from open_deals
    inner join {{ ref('int_people') }} as people on open_deals.company_id = people.company_id
    {{ distinct_union() }}
    select
        open_deals.opportunity_id,
        coalesce(leads.lead_id, contacts.contact_id) as person_id,
        leads.lead_id
    from open_deals
    inner join
        {{ ref('int_contacts_unioned') }} as contacts
        on open_deals.company_id = contacts.company_id
    left join {{ ref('int_person_ids') }} as leads on contacts.contact_id = leads.person_id
),

-- Ids of activities and of responses are told apart by their kind.
engaged as (
    select
        person_id,
        count(distinct kind || touch_id) as touches,
        max(touched_at) as last_touched_at
    from {{ ref('int_touches') }}
    where
        kind <> 'task'
        and touched_at >= {{ add_days(as_of(), '-' ~ var('account_link_days')) }}
    group by person_id
),

tied as (
    select opportunity_id, person_id from {{ ref('int_opportunity_contacts') }}
    {{ distinct_union() }}
    select opportunity_id, lead_id as person_id from {{ ref('int_opportunity_links') }}
),

engaged_untied_contacts as (
    select
        open_deals.opportunity_id,
        open_deals.company_id,
        persons.person_id,
        persons.lead_id,
        cast(engaged.touches as integer) as touches,
        engaged.last_touched_at,
        open_deals.source
    from open_deals
    inner join persons on open_deals.opportunity_id = persons.opportunity_id
    inner join engaged on persons.person_id = engaged.person_id
    left join tied
        on
            persons.opportunity_id = tied.opportunity_id
            and persons.person_id = tied.person_id
    where tied.person_id is null
)

select * from engaged_untied_contacts
