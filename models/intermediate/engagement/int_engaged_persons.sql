-- One row per company and person of it who was engaged lately: a lead, or a contact that is no lead's.
with

-- A contact of a lead is that lead, be its company the one that the lead names or another.
persons as (
    select company_id, lead_id as person_id, lead_id from {{ ref('int_people') }}
    union all
    select
        contacts.company_id,
        coalesce(leads.lead_id, contacts.contact_id) as person_id,
        leads.lead_id
    from {{ ref('int_contacts_unioned') }} as contacts
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

int_engaged_persons as (
    select distinct
        persons.company_id,
        persons.person_id,
        persons.lead_id,
        engaged.touches,
        engaged.last_touched_at
    from persons
    inner join engaged on persons.person_id = engaged.person_id
    where persons.company_id is not null
)

select * from int_engaged_persons
