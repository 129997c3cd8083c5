-- Grain: one row per campaign that a lead or a row of spend names.
with named as (
    select crm, campaign_id, campaign
    from {{ ref('stg_generic__leads') }}
    where row_status = 'used'
    union all
    select crm, campaign_id, campaign
    from {{ ref('stg_generic__spend') }}
    where row_status = 'used'
),

stg_generic__campaigns as (
    select
        crm,
        campaign_id,
        min(campaign) as name,
        -- The name stands for the type as well.
        min(campaign) as type,
        cast(null as date) as start_date,
        cast(null as date) as end_date,
        cast(null as {{ double_type() }}) as cost,
        cast(null as {{ text_type() }}) as currency,
        'used' as row_status
    from named
    where campaign_id is not null
    group by crm, campaign_id
)

select * from stg_generic__campaigns
