-- Grain: one row per deal, contact and role. The contact is the lead itself.
{{ config(materialized='table') }}

with

deals as (
    select * from {{ ref('stg_hubspot__deals') }} where row_status in ('used', 'merged')
),

listed as (
    {{ split_rows('deals', ['crm', 'deal_id'], 'contact_list', as='listed_contact_id') }}
),

associated as (
    select crm, deal_id, contact_id, role
    from {{ ref('stg_hubspot__deal_contacts') }}
    where row_status = 'used'
    {{ distinct_union() }}
    select
        crm,
        deal_id,
        {{ raw_key('listed_contact_id') }} as contact_id,
        cast(null as {{ text_type() }}) as role
    from listed
),

stg_hubspot__opportunity_contacts as (
    select
        crm,
        deal_id as opportunity_id,
        contact_id,
        role,
        true as is_lead_link,
        'used' as row_status
    from associated
)

select * from stg_hubspot__opportunity_contacts
