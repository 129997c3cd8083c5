-- One row per raw row that could not be used.
with

rejects as (
    select crm, 'lead' as raw_table, lead_id as raw_id, row_reason as reason
    from {{ ref('stg_salesforce__leads') }}
    where row_status = 'quarantined'
    {% for model, raw_table, key in staged_tables() %}
    union all
    select crm, {{ raw_table }} as raw_table, {{ key }} as raw_id, row_reason as reason
    from {{ ref(model) }}
    where row_status = 'quarantined'
    {% endfor %}
),

quarantined_rows as (
    select
        crm,
        raw_table,
        row_number() over (partition by crm, raw_table order by raw_id, reason) as raw_row_number,
        raw_id,
        reason
    from rejects
)

select * from quarantined_rows
