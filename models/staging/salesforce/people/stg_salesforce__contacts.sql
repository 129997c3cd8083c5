-- Grain: one row per row of the raw table contact.
{{ config(materialized='table') }}

with source_rows as (
    {{ raw(source('salesforce', 'contact')) }}
),

judged as (
    {{ row_rules(
        'source_rows', needs=['id'], merges='nullif(master_record_id, id)',
        copies_in=source('salesforce', 'contact')
    ) }}
),

stg_salesforce__contacts as (
    select
        crm,
        {{ raw_key('id') }} as contact_id,
        {{ raw_key('account_id') }} as company_id,
        email,
        title,
        lead_source,
        {{ raw_key('owner_id') }} as owner_id,
        created_date as created_at,
        {{ raw_key('nullif(master_record_id, id)') }} as master_contact_id,
        row_status,
        row_reason
    from judged
)

select * from stg_salesforce__contacts
