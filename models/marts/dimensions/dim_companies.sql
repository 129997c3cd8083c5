-- One row per company.
with

companies as (
    select * from {{ ref('int_companies_unioned') }}
),

countries as (
    select * from {{ ref('country_names') }}
),

dim_companies as (
    select
        companies.company_id,
        companies.crm,
        companies.name as company_name,
        companies.industry,
        countries.country_code,
        companies.employees
    from companies
    left join countries on {{ folded('companies.country') }} = {{ folded('countries.raw_value') }}
)

select * from dim_companies
