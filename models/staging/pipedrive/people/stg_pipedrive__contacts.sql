-- Grain: one row per person: people on deals are the leads themselves.
with

stg_pipedrive__contacts as (
    select crm, lead_id as contact_id, company_id, title, row_status, row_reason
    from {{ ref('stg_pipedrive__leads') }}
)

select * from stg_pipedrive__contacts
