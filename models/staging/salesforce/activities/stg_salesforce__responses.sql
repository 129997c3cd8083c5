-- Grain: one row per campaign member who responded.
with

stg_salesforce__responses as (
    select
        crm,
        member_id as response_id,
        lead_id,
        contact_id,
        campaign_id,
        cast(null as {{ text_type() }}) as offer,
        -- Nothing happens to a member before the record exists.
        {{ latest_of(['first_responded_at', 'created_at']) }} as responded_at,
        row_status
    from {{ ref('stg_salesforce__campaign_members') }}
    where has_responded or first_responded_at is not null
)

select * from stg_salesforce__responses
