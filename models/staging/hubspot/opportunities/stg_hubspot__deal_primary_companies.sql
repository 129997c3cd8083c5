-- Grain: one row per deal that has a company: the primary one, else the one with the smallest id.
with

deals as (
    select * from {{ ref('stg_hubspot__deals') }} where row_status in ('used', 'merged')
),

listed as (
    {{ split_rows('deals', ['crm', 'deal_id'], 'company_list', as='listed_company_id') }}
),

associated as (
    select deal_id, company_id, is_primary
    from {{ ref('stg_hubspot__deal_companies') }}
    where row_status = 'used'
    union all
    select deal_id, {{ raw_key('listed_company_id') }} as company_id, false as is_primary
    from listed
    union all
    select deal_id, primary_company_id as company_id, true as is_primary
    from deals
    where primary_company_id is not null
),

ranked as (
    select
        deal_id,
        company_id,
        row_number() over (
            partition by deal_id
            order by case when is_primary then 0 else 1 end, length(company_id), company_id
        ) as preference
    from associated
),

stg_hubspot__deal_primary_companies as (
    select deal_id, company_id from ranked where preference = 1
)

select * from stg_hubspot__deal_primary_companies
