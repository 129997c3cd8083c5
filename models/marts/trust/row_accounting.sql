-- One row per raw table that was found: what became of its rows.
with

-- Leads are accounted for after records of one person were put together.
lead_rows as (
    select crm, 'lead' as raw_table, row_status from {{ ref('int_lead_records') }}
    union all
    select crm, 'lead' as raw_table, row_status
    from {{ ref('stg_salesforce__leads') }}
    where row_status not in ('used', 'merged')
),

counts as (
    select crm, raw_table, row_status, count(*) as row_count
    from lead_rows
    group by crm, raw_table, row_status
    {% for model, raw_table, key in staged_tables() %}
    union all
    select crm, {{ raw_table }} as raw_table, row_status, count(*) as row_count
    from {{ ref(model) }}
    group by crm, {{ raw_table }}, row_status
    {% endfor %}
),

-- Counted in the raw tables anew: a row that staging dropped would show.
raw_counts as (
    {{ raw_row_counts('salesforce') }}
),

sums as (
    select
        raw_counts.crm,
        raw_counts.raw_table,
        max(raw_counts.raw_rows) as raw_rows,
        sum(case when counts.row_status = 'used' then counts.row_count end) as used_rows,
        sum(case when counts.row_status = 'merged' then counts.row_count end) as merged_rows,
        sum(case when counts.row_status = 'excluded' then counts.row_count end) as excluded_rows,
        sum(case when counts.row_status = 'quarantined' then counts.row_count end)
            as quarantined_rows
    from raw_counts
    left join counts on raw_counts.crm = counts.crm and raw_counts.raw_table = counts.raw_table
    group by raw_counts.crm, raw_counts.raw_table
),

row_accounting as (
    select
        crm,
        raw_table,
        cast(raw_rows as integer) as raw_rows,
        cast(coalesce(used_rows, 0) as integer) as used_rows,
        cast(coalesce(merged_rows, 0) as integer) as merged_rows,
        cast(coalesce(excluded_rows, 0) as integer) as excluded_rows,
        cast(coalesce(quarantined_rows, 0) as integer) as quarantined_rows
    from sums
)

select * from row_accounting
