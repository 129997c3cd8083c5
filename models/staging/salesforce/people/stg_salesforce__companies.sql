-- Grain: one row per row of the raw table account.
{{ config(materialized='table') }}

with source_rows as (
    {{ raw(source('salesforce', 'account')) }}
),

judged as (
    {{ row_rules('source_rows', needs=['id'], copies_in=source('salesforce', 'account')) }}
),

stg_salesforce__companies as (
    select
        crm,
        {{ raw_key('id') }} as company_id,
        -- A person account bears the name of its person.
        case when not coalesce(is_person_account, false) then name end as name,
        industry,
        number_of_employees as employees,
        annual_revenue,
        billing_country as country,
        website,
        {{ raw_key('parent_id') }} as parent_company_id,
        created_date as created_at,
        row_status,
        row_reason
    from judged
)

select * from stg_salesforce__companies
