-- Grain: one row per row of the raw table campaign_member.
{{ config(materialized='table') }}

with source_rows as (
    {{ raw(source('salesforce', 'campaign_member')) }}
),

judged as (
    {{ row_rules(
        'source_rows', ends_by='created_date', copies_in=source('salesforce', 'campaign_member')
    ) }}
),

stg_salesforce__campaign_members as (
    select
        crm,
        {{ raw_key_or_place('id') }} as member_id,
        {{ raw_key('campaign_id') }} as campaign_id,
        {{ raw_key('lead_id') }} as lead_id,
        {{ raw_key('contact_id') }} as contact_id,
        status,
        coalesce(has_responded, false) as has_responded,
        {{ moment_of_date('first_responded_date') }} as first_responded_at,
        created_date as created_at,
        row_status,
        row_reason
    from judged
)

select * from stg_salesforce__campaign_members
