-- Grain: one row per CRM, raw table and column that is read; column_name is null in the row of the table itself.
with listed as (
    select read_fields.*
    from {{ listed_rows(
        'read_fields', ['crm', 'raw_table', 'column_name', 'is_found', 'is_required', 'named_as'], raw_field_rows('generic')
    ) }}
),

stg_generic__fields as (
    select * from listed where crm <> ''
)

select * from stg_generic__fields
