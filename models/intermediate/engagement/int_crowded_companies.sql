{{ config(materialized='view') }}
-- One row per company with so many open deals and engaged persons that it stands for none: what to do next
-- with whom cannot be told from it.
with

deals as (
    select company_id, count(*) as open_deals
    from {{ ref('int_opportunities') }}
    where outcome = 'open' and company_id is not null
    group by company_id
),

persons as (
    select company_id, count(*) as engaged_persons
    from {{ ref('int_engaged_persons') }}
    group by company_id
),

int_crowded_companies as (
    select deals.company_id, deals.open_deals, persons.engaged_persons
    from deals
    inner join persons on deals.company_id = persons.company_id
    where
        cast(deals.open_deals as {{ double_type() }}) * persons.engaged_persons
        > {{ var('max_pairs_of_a_company') }}
)

select * from int_crowded_companies
