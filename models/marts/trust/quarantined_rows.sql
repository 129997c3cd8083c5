-- One row per raw row that could not be used.
with

quarantined_rows as (
    select
        crm,
        raw_table,
        cast(
            row_number() over (partition by crm, raw_table order by raw_id, row_reason) as bigint
        ) as raw_row_number,
        raw_id,
        row_reason as reason
    from {{ ref('int_row_fates_unioned') }}
    where row_status = 'quarantined'
)

select * from quarantined_rows
