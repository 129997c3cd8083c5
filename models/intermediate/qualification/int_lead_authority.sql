{{ config(materialized='ephemeral') }}
-- One row per lead: is the person connected to the decision, by title and contact roles alone?
with

people as (
    select * from {{ ref('int_people') }}
),

roles as (
    select distinct people.lead_id
    from people
    inner join {{ ref('int_lead_records') }} as records on people.lead_id = records.lead_id
    inner join {{ ref('int_opportunity_roles') }} as held_roles
        on records.converted_contact_id = held_roles.contact_id
    {%- if retention_months() %}
    inner join {{ ref('int_opportunities') }} as retained
        on held_roles.opportunity_id = retained.opportunity_id
    {%- endif %}
    inner join {{ ref('contact_roles') }} as role_names
        on
            {{ folded('held_roles.role') }} = {{ folded('role_names.raw_value') }}
            and {{ in_force('role_names', 'people.definition_on') }}
    where
        not records.is_merged_away
        and role_names.authority in ('decision_maker', 'influencer')
),

gathered as (
    select
        people.lead_id,
        people.title,
        titles.authority,
        titles.phrase,
        roles.lead_id is not null as has_authority_by_role
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
