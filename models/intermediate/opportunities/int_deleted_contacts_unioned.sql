{{ config(materialized='view') }}
-- One row per contact that was deleted, of those that may stand on a deal.
with

contacts as (
    {{ unioned([
        'stg_salesforce__contacts',
        'stg_hubspot__contact_records',
        'stg_generic__contacts',
        'stg_pipedrive__contacts',
    ], ['crm', 'contact_id', 'row_reason'], used_only=false) }}
),

int_deleted_contacts_unioned as (
    select crm, contact_id from contacts where row_reason = 'deleted'
)

select * from int_deleted_contacts_unioned
