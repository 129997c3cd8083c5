-- Grain: one row per row of the raw table contact. The contact is the lead.
{{ config(materialized='table') }}

with

contact_records as (
    select * from {{ ref('stg_hubspot__contact_records') }}
),

-- Of several Lead objects that give a reason, the one last modified.
object_reasons as (
    select
        contact_id,
        disqualification_reason,
        row_number() over (
            partition by contact_id order by modified_at desc nulls last, lead_object_id desc
        ) as preference
    from {{ ref('stg_hubspot__attached_lead_objects') }}
    where disqualification_reason is not null
),

stg_hubspot__leads as (
    select
        contacts.crm,
        'contact' as raw_table,
        contacts.contact_id as lead_id,
        contacts.created_at,
        contacts.last_modified_at,
        contacts.synced_at,
        contacts.lead_status as status,
        contacts.lead_source,
        contacts.owner_id,
        contacts.email,
        contacts.first_name,
        contacts.last_name,
        contacts.company,
        contacts.title,
        contacts.industry,
        contacts.employees,
        contacts.annual_revenue,
        contacts.country,
        contacts.website,
        -- HubSpot converts nothing: the contact stays the contact.
        false as is_converted,
        cast(null as timestamp) as converted_at,
        cast(null as {{ text_type() }}) as converted_opportunity_id,
        contacts.contact_id as person_contact_id,
        contacts.company_id,
        coalesce(object_reasons.disqualification_reason, contacts.disqualification_reason)
            as disqualification_reason,
        contacts.pain,
        contacts.timeframe,
        contacts.score,
        contacts.utm_source,
        contacts.utm_medium,
        contacts.utm_campaign,
        contacts.row_status,
        contacts.row_reason
    from contact_records as contacts
    left join object_reasons
        on contacts.contact_id = object_reasons.contact_id and object_reasons.preference = 1
)

select * from stg_hubspot__leads
