-- Grain: one row per company that a lead or a deal names. The layout tells nothing else of it.
with named as (
    select crm, company_id, company
    from {{ ref('stg_generic__leads') }}
    where row_status = 'used'
    union all
    select crm, company_id, company
    from {{ ref('stg_generic__opportunities') }}
    where row_status = 'used'
),

stg_generic__companies as (
    select
        crm,
        company_id,
        min(company) as name,
        cast(null as {{ text_type() }}) as industry,
        cast(null as {{ double_type() }}) as employees,
        cast(null as {{ text_type() }}) as country,
        cast(null as {{ text_type() }}) as website,
        'used' as row_status
    from named
    where company_id is not null
    group by crm, company_id
)

select * from stg_generic__companies
