-- Grain: one row per row of the raw table engagement_email.
{{ config(materialized='table') }}

with

source_rows as (
    {{ raw(source('hubspot', 'engagement_email')) }}
),

judged as (
    {{ row_rules(
        'source_rows', key=['engagement_id'], needs=['engagement_id'], ends_by='hs_createdate'
    ) }}
),

stg_hubspot__engagement_emails as (
    select
        crm,
        {{ raw_key('engagement_id') }} as engagement_id,
        hs_createdate as created_at,
        hs_timestamp as happens_at,
        {{ raw_key('hubspot_owner_id') }} as owner_id,
        hs_email_subject as subject,
        hs_email_status as status,
        hs_email_direction as direction,
        hs_engagement_source as activity_source,
        contacts as contact_list,
        deals as deal_list,
        row_status,
        row_reason
    from judged
)

select * from stg_hubspot__engagement_emails
