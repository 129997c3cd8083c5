-- Grain: one row per CRM, raw table and column that is read; column_name is null in the row of the
-- table itself.
with stg_salesforce__fields as (
    select crm, raw_table, column_name, is_found, is_required
    from (values
        {{ raw_field_rows('salesforce') }}
    ) as fields (crm, raw_table, column_name, is_found, is_required)
    where crm <> ''
)

select * from stg_salesforce__fields
