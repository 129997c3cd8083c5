-- Grain: one row per row of the raw table deal.
{{ config(materialized='table') }}

with

deals as (
    select * from {{ ref('stg_hubspot__deals') }}
),

companies as (
    select * from {{ ref('stg_hubspot__deal_primary_companies') }}
),

named_stages as (
    select * from {{ ref('stg_hubspot__named_stages') }}
),

stg_hubspot__opportunities as (
    select
        deals.crm,
        'deal' as raw_table,
        deals.deal_id as opportunity_id,
        companies.company_id,
        cast(null as {{ text_type() }}) as campaign_id,
        deals.lead_source,
        deals.created_at,
        deals.last_modified_at,
        deals.synced_at,
        {{ day_of_moment('deals.closed_at') }} as close_date,
        deals.closed_at,
        named_stages.stage,
        named_stages.stage_key,
        -- The pipeline's word comes before the deal's own.
        coalesce(named_stages.is_closed, deals.is_closed) as is_closed,
        coalesce(named_stages.is_won, deals.is_won) as is_won,
        deals.amount,
        deals.home_amount,
        deals.currency,
        deals.next_step,
        deals.owner_id,
        deals.loss_reason,
        deals.salesforce_id as other_crm_id,
        deals.row_status,
        deals.row_reason
    from deals
    left join companies on deals.deal_id = companies.deal_id
    left join named_stages
        on
            deals.crm = named_stages.crm
            and coalesce(deals.pipeline_id, '') = named_stages.pipeline_id
            and deals.stage_id = named_stages.stage_name
)

select * from stg_hubspot__opportunities
