-- Grain: one row per lead whose record names a campaign or an offer: it responded when it came in.
with

stg_generic__responses as (
    select
        crm,
        lead_id as response_id,
        lead_id,
        cast(null as {{ text_type() }}) as contact_id,
        campaign_id,
        offer,
        created_at as responded_at,
        row_status
    from {{ ref('stg_generic__leads') }}
    where campaign_id is not null or offer is not null
)

select * from stg_generic__responses
