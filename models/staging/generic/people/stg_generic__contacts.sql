-- Grain: one row per lead: people on deals are known by their title where they are leads.
with

stg_generic__contacts as (
    select crm, lead_id as contact_id, company_id, title, row_status, row_reason
    from {{ ref('stg_generic__leads') }}
)

select * from stg_generic__contacts
