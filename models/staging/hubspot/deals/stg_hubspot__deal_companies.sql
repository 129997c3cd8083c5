-- Grain: one row per row of the raw tables deal_company and company_deal.
{{ config(materialized='table') }}

with

deal_rows as (
    {{ raw(source('hubspot', 'deal_company')) }}
),

company_rows as (
    {{ raw(source('hubspot', 'company_deal')) }}
),

{% set rules = {
    'key': ['deal_id', 'company_id', 'type_id', 'label'], 'needs': ['deal_id', 'company_id']
} %}
by_deal as (
    {{ row_rules('deal_rows', **rules) }}
),

by_company as (
    {{ row_rules('company_rows', **rules) }}
),

both_sides as (
    select 'deal_company' as raw_table, * from by_deal
    union all
    select 'company_deal' as raw_table, * from by_company
),

stg_hubspot__deal_companies as (
    select
        crm,
        raw_table,
        {{ raw_key('deal_id') }} as deal_id,
        {{ raw_key('company_id') }} as company_id,
        -- HubSpot's own kinds of association that mark the primary company.
        coalesce(
            type_id in ('5', '6', 'deal_to_company') or {{ folded('label') }} = 'primary', false
        ) as is_primary,
        row_status,
        row_reason
    from both_sides
)

select * from stg_hubspot__deal_companies
