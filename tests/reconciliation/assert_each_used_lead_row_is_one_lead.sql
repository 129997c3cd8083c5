-- What: each used lead row is one lead, and each lead one used row.
-- Why: a join that multiplies or drops people makes every rate wrong.
-- Mend: look for a definition seed with two rows for one value, or a key that is not unique in staging.
with

counts as (
    select
        (select count(*) from {{ ref('fct_leads') }}) as leads,
        (
            select coalesce(sum(accounting.used_rows), 0)
            from {{ ref('row_accounting') }} as accounting
            inner join
                (select distinct crm, raw_table from {{ ref('int_lead_records') }}) as lead_tables
                on
                    accounting.crm = lead_tables.crm
                    and accounting.raw_table = lead_tables.raw_table
        ) as used_rows,
        (
            select count(*) from {{ ref('int_lead_records') }} where row_status = 'used'
        ) as used_records
)

select * from counts where leads <> used_rows or leads <> used_records
