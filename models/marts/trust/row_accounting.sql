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

found_tables as (
    select crm, raw_table
    from {{ ref('stg_salesforce__fields') }}
    where column_name is null and is_found
),

row_accounting as (
    select
        found_tables.crm,
        found_tables.raw_table,
        cast(coalesce(sum(counts.row_count), 0) as integer) as raw_rows
        {%- for status in ['used', 'merged', 'excluded', 'quarantined'] %},
        cast(
            coalesce(
                sum(case when counts.row_status = '{{ status }}' then counts.row_count end), 0
            ) as integer
        )
            as {{ status }}_rows
    {%- endfor %}
    from found_tables
    left join counts on found_tables.crm = counts.crm and found_tables.raw_table = counts.raw_table
    group by found_tables.crm, found_tables.raw_table
)

select * from row_accounting
