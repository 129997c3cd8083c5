-- Grain: one row per row of the raw table lead, HubSpot's Lead object.
{{ config(materialized='table') }}

with

source_rows as (
    {{ raw(source('hubspot', 'lead')) }}
),

judged as (
    {{ row_rules('source_rows', needs=['id'], ends_by='createdate') }}
),

keyed as (
    select
        *,
        {{ raw_key('id') }} as lead_object_id,
        {{ raw_key('hs_primary_contact_id') }} as primary_contact_id
    from judged
),

listed as (
    {{ split_rows('keyed', ['crm', 'lead_object_id'], 'contacts', as='listed_contact_id') }}
),

associated as (
    select lead_object_id, contact_id
    from {{ ref('stg_hubspot__lead_contacts') }}
    where row_status = 'used'
    union all
    select lead_object_id, {{ raw_key('listed_contact_id') }} as contact_id
    from listed
),

associated_contacts as (
    select lead_object_id, min(contact_id) as contact_id
    from associated
    group by lead_object_id
),

with_contacts as (
    select
        keyed.*,
        coalesce(associated_contacts.contact_id, keyed.primary_contact_id) as contact_id
    from keyed
    left join associated_contacts on keyed.lead_object_id = associated_contacts.lead_object_id
),

with_faults as (
    select
        *,
        case when row_status = 'used' and contact_id is null then 'no contact' else row_reason end
            as final_reason
    from with_contacts
),

stg_hubspot__lead_objects as (
    select
        crm,
        lead_object_id,
        contact_id,
        createdate as created_at,
        coalesce(last_modified_date, createdate) as modified_at,
        {{ lead_object_stage('hs_pipeline_stage') }} as stage,
        hs_lead_disqualification_reason as disqualification_reason,
        {{ row_status('final_reason') }} as row_status,
        final_reason as row_reason
    from with_faults
)

select * from stg_hubspot__lead_objects
