{{ config(materialized='view') }}
-- One row per user or queue.
with

int_owners_unioned as (
    {{ unioned([
        'stg_salesforce__owners',
        'stg_hubspot__owners',
        'stg_pipedrive__owners',
    ], [
        'crm', 'owner_id', 'owner_type', 'is_active', 'queue_name', 'time_zone',
    ]) }}
)

select * from int_owners_unioned
