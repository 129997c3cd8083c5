{{ config(materialized='view') }}
-- One row per recorded change of a lead, those after as_of among them.
with

int_lead_changes_unioned as (
    {{ unioned([
        'stg_salesforce__lead_changes',
        'stg_hubspot__lead_changes',
        'stg_generic__lead_changes',
    ], [
        'crm', 'change_id', 'lead_id', 'status_of', 'new_value', 'stage', 'changed_at',
        'is_conversion', 'is_bulk', 'is_history',
    ], used_only=false) }}
)

select * from int_lead_changes_unioned
