{{ config(materialized='view') }}
-- One row per stage as the CRM itself defines it.
with

int_stages_unioned as (
    {{ unioned([
        'stg_salesforce__named_stages',
        'stg_hubspot__stages',
        'stg_pipedrive__stages',
    ], [
        'crm', 'stage', 'stage_key', 'stage_order', 'is_closed', 'is_won',
    ]) }}
)

select * from int_stages_unioned
