-- Grain: one row per row of the raw table lead_contact.
with

source_rows as (
    {{ raw(source('hubspot', 'lead_contact')) }}
),

judged as (
    {{ row_rules(
        'source_rows', key=['lead_id', 'contact_id', 'type_id', 'label'],
        needs=['lead_id', 'contact_id']
    ) }}
),

stg_hubspot__lead_contacts as (
    select
        crm,
        {{ raw_key('lead_id') }} as lead_object_id,
        {{ raw_key('contact_id') }} as contact_id,
        row_status,
        row_reason
    from judged
)

select * from stg_hubspot__lead_contacts
