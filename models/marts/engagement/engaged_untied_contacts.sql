-- One row per open deal and engaged person of its company who is not tied to it.
with

open_deals as (
    select opportunity_id, company_id, source
    from {{ ref('fct_opportunities') }}
    where
        outcome = 'open'
        and company_id not in (
            select crowded.company_id from {{ ref('int_crowded_companies') }} as crowded
        )
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
        cast(persons.touches as integer) as touches,
        persons.last_touched_at,
        open_deals.source
    from open_deals
    inner join {{ ref('int_engaged_persons') }} as persons
        on open_deals.company_id = persons.company_id
    left join tied
        on
            open_deals.opportunity_id = tied.opportunity_id
            and persons.person_id = tied.person_id
    where tied.person_id is null
)

select * from engaged_untied_contacts
