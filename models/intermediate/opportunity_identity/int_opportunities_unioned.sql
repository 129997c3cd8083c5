{{ config(materialized='view') }}
-- One row per opportunity record of any CRM, whatever became of it.
with

int_opportunities_unioned as (
    {{ unioned([
        'stg_salesforce__opportunities',
        'stg_hubspot__opportunities',
        'stg_generic__opportunities',
        'stg_pipedrive__opportunities',
    ], [
        'crm', 'raw_table', 'opportunity_id', 'company_id', 'campaign_id', 'lead_source',
        'created_at', 'last_modified_at', 'synced_at', 'close_date', 'closed_at', 'stage',
        'stage_key', 'is_closed', 'is_won', 'amount', 'home_amount', 'currency', 'next_step',
        'owner_id', 'loss_reason', 'other_crm_id', 'row_status', 'row_reason',
    ], used_only=false) }}
)

select * from int_opportunities_unioned
