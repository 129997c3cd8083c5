-- Grain: one row per row of the raw table company.
{{ config(materialized='table') }}

with

source_rows as (
    {{ raw(source('hubspot', 'company')) }}
),

judged as (
    {{ row_rules('source_rows', needs=['id']) }}
),

stg_hubspot__companies as (
    select
        crm,
        {{ raw_key('id') }} as company_id,
        name,
        industry,
        numberofemployees as employees,
        country,
        coalesce(domain, website) as website,
        row_status,
        row_reason
    from judged
)

select * from stg_hubspot__companies
