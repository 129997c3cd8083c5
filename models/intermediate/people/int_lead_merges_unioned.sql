{{ config(materialized='view') }}
-- One row per lead record, or contact behind one, that was merged into another.
with

int_lead_merges_unioned as (
    {{ unioned([
        'stg_salesforce__lead_merges',
        'stg_hubspot__lead_merges',
    ], [
        'crm', 'lead_id', 'into_lead_id', 'keeps_history', 'is_contact',
    ]) }}
)

select * from int_lead_merges_unioned
