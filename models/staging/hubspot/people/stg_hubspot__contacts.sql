-- Grain: one row per contact that may stand on a deal, be it a lead or not.
with

stg_hubspot__contacts as (
    select crm, contact_id, company_id, title, 'used' as row_status
    from {{ ref('stg_hubspot__contact_records') }}
    where row_status = 'used' or row_reason = 'not_a_lead'
)

select * from stg_hubspot__contacts
