-- What: each used opportunity row is one row of fct_opportunities.
-- Why: contacts, accounts and links must never multiply or drop a deal.
-- Mend: look for a join in intermediate/opportunities whose right side is not unique.
with

counts as (
    select
        (select count(*) from {{ ref('fct_opportunities') }}) as opportunities,
        (
            select count(*)
            from {{ ref('stg_salesforce__opportunities') }}
            where row_status = 'used'
        ) as used_rows
)

select * from counts where opportunities <> used_rows
