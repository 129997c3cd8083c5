{{ config(materialized='view') }}
-- One row per recorded state of an opportunity, those after as_of among them.
with

int_opportunity_changes_unioned as (
    {{ unioned([
        'stg_salesforce__opportunity_changes',
        'stg_hubspot__opportunity_changes',
        'stg_generic__opportunity_changes',
        'stg_pipedrive__opportunity_changes',
    ], [
        'crm', 'opportunity_id', 'change_id', 'stage', 'stage_key', 'changed_at', 'precedence',
    ], used_only=false) }}
)

select * from int_opportunity_changes_unioned
