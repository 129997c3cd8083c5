-- Grain: one row per row of the raw tables deal_contact and contact_deal.
{{ config(materialized='table') }}

with

deal_rows as (
    {{ raw(source('hubspot', 'deal_contact')) }}
),

contact_rows as (
    {{ raw(source('hubspot', 'contact_deal')) }}
),

{% set rules = {
    'key': ['deal_id', 'contact_id', 'type_id', 'label'], 'needs': ['deal_id', 'contact_id']
} %}
by_deal as (
    {{ row_rules('deal_rows', **rules) }}
),

by_contact as (
    {{ row_rules('contact_rows', **rules) }}
),

both_sides as (
    select 'deal_contact' as raw_table, * from by_deal
    union all
    select 'contact_deal' as raw_table, * from by_contact
),

stg_hubspot__deal_contacts as (
    select
        crm,
        raw_table,
        {{ raw_key('deal_id') }} as deal_id,
        {{ raw_key('contact_id') }} as contact_id,
        label as role,
        row_status,
        row_reason
    from both_sides
)

select * from stg_hubspot__deal_contacts
