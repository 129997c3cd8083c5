{{ config(materialized='view') }}
-- One row per opportunity that was merged into another in its CRM.
with

int_opportunity_merges_unioned as (
    {{ unioned([
        'stg_hubspot__opportunity_merges',
    ], ['crm', 'opportunity_id', 'into_opportunity_id']) }}
)

select * from int_opportunity_merges_unioned
