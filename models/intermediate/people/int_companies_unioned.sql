{{ config(materialized='view') }}
-- One row per company.
with

int_companies_unioned as (
    {{ unioned([
        'stg_salesforce__companies',
        'stg_hubspot__companies',
        'stg_generic__companies',
        'stg_pipedrive__companies',
    ], [
        'crm', 'company_id', 'name', 'industry', 'employees', 'country', 'website',
    ]) }}
)

select * from int_companies_unioned
