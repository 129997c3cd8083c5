-- One row per company.
with

companies as (
    select * from {{ ref('int_companies_unioned') }}
),

countries as (
    select * from {{ ref('country_names') }}
),

-- Who works alone is often a company of the same name: that is a person's, also when past retention.
persons as (
    select distinct {{ folded('first_name') }} || ' ' || {{ folded('last_name') }} as full_name
    from {{ ref('int_leads_unioned') }}
    where row_status = 'used' and first_name is not null and last_name is not null
),

dim_companies as (
    select
        companies.company_id,
        companies.crm,
        case when persons.full_name is null then companies.name end as company_name,
        companies.industry,
        countries.country_code,
        companies.employees
    from companies
    left join persons on {{ folded('companies.name') }} = persons.full_name
    left join countries on {{ words('companies.country') }} = {{ words('countries.raw_value') }}
)

select * from dim_companies
