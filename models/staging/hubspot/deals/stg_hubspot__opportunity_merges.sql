-- Grain: one row per deal that went into another (it may have no row any more): the next step of
-- its chain. A table tells it, or the survivor lists who went into it.
{{ config(materialized='table') }}

with

merged_deals as (
    select * from {{ ref('stg_hubspot__merged_deals') }} where row_status = 'used'
),

deal_rows as (
    {{ raw(source('hubspot', 'deal')) }}
),

judged as (
    {{ row_rules('deal_rows', key=['deal_id'], needs=['deal_id']) }}
),

survivors as (
    select *
    from judged
    where row_status = 'used' or row_reason = 'deleted'
),

listed as (
    {{ split_rows('survivors', ['crm', 'deal_id'], 'hs_merged_object_ids', as='merged_deal_id') }}
),

steps as (
    select crm, merged_deal_id as opportunity_id, deal_id as into_opportunity_id
    from merged_deals
    {{ distinct_union() }}
    select
        crm,
        {{ raw_key('merged_deal_id') }} as opportunity_id,
        {{ raw_key('deal_id') }} as into_opportunity_id
    from listed
),

-- A deal goes into one other: of several into the one with the largest number.
ranked as (
    select
        *,
        row_number() over (
            partition by opportunity_id
            order by length(into_opportunity_id) desc, into_opportunity_id desc
        ) as preference
    from steps
    where opportunity_id <> into_opportunity_id
),

stg_hubspot__opportunity_merges as (
    select crm, opportunity_id, into_opportunity_id, 'used' as row_status
    from ranked
    where preference = 1
)

select * from stg_hubspot__opportunity_merges
