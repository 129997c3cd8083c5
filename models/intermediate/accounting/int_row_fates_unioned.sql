{{ config(materialized='view') }}
-- One row per raw row of any CRM: what staging makes of it.
with

int_row_fates_unioned as (
    {{ unioned([
        'stg_salesforce__row_fates',
        'stg_hubspot__row_fates',
        'stg_generic__row_fates',
        'stg_pipedrive__row_fates',
    ], ['crm', 'raw_table', 'raw_id', 'row_status', 'row_reason'], used_only=false) }}
)

select * from int_row_fates_unioned
