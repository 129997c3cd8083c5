-- Grain: one row per row of the raw table engagement_contact.
{{ config(materialized='table') }}

with

source_rows as (
    {{ raw(source('hubspot', 'engagement_contact')) }}
),

judged as (
    {{ row_rules(
        'source_rows', key=['engagement_id', 'contact_id'], needs=['engagement_id', 'contact_id']
    ) }}
),

stg_hubspot__engagement_contacts as (
    select
        crm,
        {{ raw_key('engagement_id') }} as engagement_id,
        {{ raw_key('contact_id') }} as contact_id,
        row_status,
        row_reason
    from judged
)

select * from stg_hubspot__engagement_contacts
