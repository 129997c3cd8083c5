-- Grain: one row per row of the raw table engagement.
{{ config(materialized='table') }}

with

source_rows as (
    {{ raw(source('hubspot', 'engagement')) }}
),

judged as (
    {{ row_rules(
        'source_rows', key=['engagement_id'], needs=['engagement_id'], ends_by='hs_createdate'
    ) }}
),

stg_hubspot__engagements as (
    select
        crm,
        {{ raw_key('engagement_id') }} as engagement_id,
        hs_createdate as created_at,
        hs_timestamp as happens_at,
        {{ raw_key('hubspot_owner_id') }} as owner_id,
        hs_engagement_source as activity_source,
        type,
        contacts as contact_list,
        deals as deal_list,
        row_status,
        row_reason
    from judged
)

select * from stg_hubspot__engagements
