-- Grain: one row per meeting, contact and deal that it is with.
{{ config(materialized='table') }}

with

activities as (
    select * from {{ ref('stg_hubspot__activities') }} where kind = 'meeting'
),

links as (
    select * from {{ ref('stg_hubspot__engagement_links') }}
),

stg_hubspot__meetings as (
    select
        activities.crm,
        activities.engagement_id as meeting_id,
        links.contact_id as who_id,
        links.deal_id as what_id,
        activities.owner_id,
        coalesce(activities.starts_at, activities.happens_at) as starts_at,
        activities.created_at,
        coalesce(activities.outcome, 'no outcome') as outcome,
        activities.activity_source,
        'used' as row_status
    from activities
    left join links on activities.engagement_id = links.engagement_id
)

select * from stg_hubspot__meetings
