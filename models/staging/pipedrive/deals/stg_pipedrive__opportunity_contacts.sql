-- Grain: one row per deal with a person: the lead it came from.
with

stg_pipedrive__opportunity_contacts as (
    select
        crm,
        opportunity_id,
        lead_id as contact_id,
        cast(null as {{ text_type() }}) as role,
        true as is_lead_link,
        row_status
    from {{ ref('stg_pipedrive__opportunities') }}
    where lead_id is not null
)

select * from stg_pipedrive__opportunity_contacts
