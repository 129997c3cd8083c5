{{ config(materialized='view') }}
-- One row per contact.
with

int_contacts_unioned as (
    {{ unioned([
        'stg_salesforce__contacts',
        'stg_hubspot__contacts',
        'stg_generic__contacts',
        'stg_pipedrive__contacts',
    ], [
        'crm', 'contact_id', 'company_id', 'title',
    ]) }}
)

select * from int_contacts_unioned
