-- Grain: one row per row of the raw table opportunity_contact_role.
{{ config(materialized='table') }}

with source_rows as (
    {{ raw(source('salesforce', 'opportunity_contact_role')) }}
),

judged as (
    {{ row_rules(
        'source_rows', ends_by='created_date',
        copies_in=source('salesforce', 'opportunity_contact_role')
    ) }}
),

stg_salesforce__opportunity_contacts as (
    select
        crm,
        {{ raw_key('id') }} as role_id,
        {{ raw_key('opportunity_id') }} as opportunity_id,
        {{ raw_key('contact_id') }} as contact_id,
        role,
        false as is_lead_link,
        created_date as created_at,
        row_status,
        row_reason
    from judged
)

select * from stg_salesforce__opportunity_contacts
