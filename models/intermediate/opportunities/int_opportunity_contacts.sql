-- One row per opportunity and contact on it, after merges: which person is it (two records of one
-- lead are one), and does a role or the title say that the contact decides?
with

roles as (
    select * from {{ ref('int_opportunity_roles') }}
),

states as (
    select opportunity_id, definition_on from {{ ref('int_opportunity_states') }}
),

contacts as (
    select * from {{ ref('int_contacts_unioned') }}
),

authorities as (
    select * from {{ ref('int_title_authority') }}
),

int_opportunity_contacts as (
    select
        roles.opportunity_id,
        roles.contact_id,
        person_ids.lead_id,
        coalesce(person_ids.lead_id, roles.contact_id) as person_id,
        {{ dbt.bool_or("roles.is_lead_link") }} as is_lead_link,
        coalesce(
            {{ dbt.bool_or(
                "role_names.authority = 'decision_maker' or authorities.authority = 'decision_maker'"
            ) }},
            false
        ) as is_decision_maker
    from roles
    inner join states on roles.opportunity_id = states.opportunity_id
    left join {{ ref('int_person_ids') }} as person_ids on roles.contact_id = person_ids.person_id
    left join {{ ref('contact_roles') }} as role_names
        on
            {{ folded('roles.role') }} = {{ folded('role_names.raw_value') }}
            and {{ in_force('role_names', 'states.definition_on') }}
    left join contacts on roles.contact_id = contacts.contact_id
    left join authorities
        on contacts.title = authorities.title and states.definition_on = authorities.definition_on
    group by roles.opportunity_id, roles.contact_id, person_ids.lead_id
)

select * from int_opportunity_contacts
