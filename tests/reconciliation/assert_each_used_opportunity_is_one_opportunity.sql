-- What: each used opportunity row is one row of fct_opportunities.
-- Why: contacts, accounts and links must never multiply or drop a deal.
-- Mend: look for a join in intermediate/opportunities whose right side is not unique.
with

counts as (
    select
        (select count(*) from {{ ref('fct_opportunities') }}) as opportunities,
        (
            select coalesce(sum(accounting.used_rows), 0)
            from {{ ref('row_accounting') }} as accounting
            inner join
                (
                    select distinct crm, raw_table from {{ ref('int_opportunities_unioned') }}
                ) as deal_tables
                on
                    accounting.crm = deal_tables.crm
                    and accounting.raw_table = deal_tables.raw_table
        ) as used_rows
)

select * from counts where opportunities <> used_rows
