{{ config(materialized='view') }}
-- One row per CRM, raw table and column that is read.
with

int_fields_unioned as (
    {{ unioned([
        'stg_salesforce__fields',
        'stg_hubspot__fields',
        'stg_generic__fields',
        'stg_pipedrive__fields',
    ], ['crm', 'raw_table', 'column_name', 'is_found', 'named_as'], used_only=false) }}
)

select * from int_fields_unioned
