{{ config(materialized='view') }}
-- One row per deal, contact and role; a contact that was deleted has none.
with

roles as (
    {{ unioned([
        'stg_salesforce__opportunity_contacts',
        'stg_hubspot__opportunity_contacts',
        'stg_generic__opportunity_contacts',
        'stg_pipedrive__opportunity_contacts',
    ], [
        'crm', 'opportunity_id', 'contact_id', 'role', 'is_lead_link',
    ]) }}
),

int_opportunity_contacts_unioned as (
    select roles.*
    from roles
    left join {{ ref('int_deleted_contacts_unioned') }} as deleted
        on roles.contact_id = deleted.contact_id
    where deleted.contact_id is null
)

select * from int_opportunity_contacts_unioned
