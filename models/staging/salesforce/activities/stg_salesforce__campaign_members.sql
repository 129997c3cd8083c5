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
        -- Without an id column the place in the table is the key.
        case
            when has_id then {{ raw_key('id') }}
            else crm || ':row-' || cast(raw_row_number as {{ text_type() }})
        end as member_id,
        {{ raw_key('campaign_id') }} as campaign_id,
        {{ raw_key('lead_id') }} as lead_id,
        {{ raw_key('contact_id') }} as contact_id,
        status,
        coalesce(has_responded, false) as has_responded,
        first_responded_date as first_responded_at,
        created_date as created_at,
        row_status,
        row_reason
    from judged
)

select * from stg_salesforce__campaign_members
