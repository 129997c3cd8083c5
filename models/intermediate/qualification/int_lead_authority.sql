{{ config(materialized='ephemeral') }}
-- One row per lead: is the person connected to the decision, by title and contact roles alone?
with

people as (
    select * from {{ ref('int_people') }}
),

roles as (
    select
        records.lead_id,
        max(contacts.role_authority) as role_authority
    from {{ ref('int_lead_records') }} as records
    inner join {{ ref('int_opportunity_contacts') }} as contacts
        on records.converted_contact_id = contacts.contact_id
    where records.lead_id is not null and not records.is_merged_away
    group by records.lead_id
),

gathered as (
    select
        people.lead_id,
        people.title,
        titles.authority,
        titles.phrase,
        coalesce(roles.role_authority, 0) > 0 as has_authority_by_role
    from people
    left join {{ ref('int_title_authority') }} as titles
        on people.title = titles.title and people.definition_on = titles.definition_on
    left join roles on people.lead_id = roles.lead_id
),

int_lead_authority as (
    select
        lead_id,
        case
            when authority = 'none' then 'fail'
            when authority is not null or has_authority_by_role then 'pass'
            else 'unknown'
        end as authority_rule_only_verdict,
        case
            when authority is not null then 'title_phrase'
            when has_authority_by_role then 'contact_role'
            else 'title_known'
        end as authority_rule,
        case
            when authority is not null
                then 'title with "' || phrase || '": ' || replace(authority, '_', ' ')
            when has_authority_by_role then 'a contact role on an opportunity'
            when title is not null then 'a title that no definition knows'
            else 'no title'
        end as authority_evidence
    from gathered
)

select * from int_lead_authority
