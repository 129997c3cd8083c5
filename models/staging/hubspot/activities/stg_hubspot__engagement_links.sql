-- Grain: one row per activity, contact and deal that it was with: each contact with each deal.
{{ config(materialized='table') }}

with

{% set kinds = ['s', '_calls', '_emails', '_meetings', '_tasks'] %}
lists as (
    {% for kind in kinds %}
    select crm, engagement_id, contact_list, deal_list
    from {{ ref('stg_hubspot__engagement' ~ kind) }}
    where row_status = 'used'
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

listed_contacts as (
    {{ split_rows('lists', ['crm', 'engagement_id'], 'contact_list', as='listed_id') }}
),

listed_deals as (
    {{ split_rows('lists', ['crm', 'engagement_id'], 'deal_list', as='listed_id') }}
),

contacts as (
    select engagement_id, contact_id
    from {{ ref('stg_hubspot__engagement_contacts') }}
    where row_status = 'used'
    {{ distinct_union() }}
    select engagement_id, {{ raw_key('listed_id') }} as contact_id from listed_contacts
),

deals as (
    select engagement_id, deal_id
    from {{ ref('stg_hubspot__engagement_deals') }}
    where row_status = 'used'
    {{ distinct_union() }}
    select engagement_id, {{ raw_key('listed_id') }} as deal_id from listed_deals
),

stg_hubspot__engagement_links as (
    select
        coalesce(contacts.engagement_id, deals.engagement_id) as engagement_id,
        contacts.contact_id,
        deals.deal_id
    from contacts
    full outer join deals on contacts.engagement_id = deals.engagement_id
)

select * from stg_hubspot__engagement_links
