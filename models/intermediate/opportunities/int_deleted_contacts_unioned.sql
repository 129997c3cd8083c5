{{ config(materialized='view') }}
-- One row per contact that was deleted, or merged into one that was, of those that may stand on a
-- deal.
with recursive

contacts as (
    {{ unioned([
        'stg_salesforce__contacts',
        'stg_hubspot__contact_records',
        'stg_generic__contacts',
        'stg_pipedrive__contacts',
    ], ['crm', 'contact_id', 'row_reason'], used_only=false) }}
),

merge_steps as (
    select lead_id as record_id, into_lead_id as into_id
    from {{ ref('int_lead_merges_unioned') }}
    where is_contact
),

chains as (
    {{ followed('chains', 'merge_steps') }}
),

int_deleted_contacts_unioned as (
    select crm, contact_id from contacts where row_reason = 'deleted'
    {{ distinct_union() }}
    select contacts.crm, chains.record_id as contact_id
    from chains
    inner join contacts on chains.reached_id = contacts.contact_id
    where contacts.row_reason = 'deleted'
)

select * from int_deleted_contacts_unioned
