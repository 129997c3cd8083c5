-- One row per account.
with

accounts as (
    select * from {{ ref('stg_salesforce__accounts') }} where row_status = 'used'
),

countries as (
    select * from {{ ref('country_names') }}
),

dim_companies as (
    select
        accounts.account_id as company_id,
        accounts.crm,
        accounts.name as company_name,
        accounts.industry,
        countries.country_code,
        accounts.employees
    from accounts
    left join countries on {{ folded('accounts.country') }} = {{ folded('countries.raw_value') }}
)

select * from dim_companies
