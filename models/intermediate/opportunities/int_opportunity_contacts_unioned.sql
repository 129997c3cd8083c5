{{ config(materialized='view') }}
-- One row per deal, contact and role.
with

int_opportunity_contacts_unioned as (
    {{ unioned([
        'stg_salesforce__opportunity_contacts',
        'stg_hubspot__opportunity_contacts',
        'stg_generic__opportunity_contacts',
        'stg_pipedrive__opportunity_contacts',
    ], [
        'crm', 'opportunity_id', 'contact_id', 'role', 'is_lead_link',
    ]) }}
)

select * from int_opportunity_contacts_unioned
