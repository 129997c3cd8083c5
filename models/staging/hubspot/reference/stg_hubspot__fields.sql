-- Grain: one row per CRM, raw table and column that is read; column_name is null in the row of the table itself.
with listed as (
    select read_fields.*
    from (
        values
        {{ raw_field_rows('hubspot') }}
    ) as read_fields (crm, raw_table, column_name, is_found, is_required)
),

stg_hubspot__fields as (
    select * from listed where crm <> ''
)

select * from stg_hubspot__fields
