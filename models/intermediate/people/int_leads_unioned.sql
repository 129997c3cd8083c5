{{ config(materialized='view') }}
-- One row per lead record of any CRM, whatever became of it.
with

int_leads_unioned as (
    {{ unioned([
        'stg_salesforce__leads',
        'stg_hubspot__leads',
        'stg_generic__leads',
        'stg_pipedrive__leads',
    ], [
        'crm', 'raw_table', 'lead_id', 'created_at', 'last_modified_at', 'synced_at', 'status',
        'lead_source', 'owner_id', 'email', 'first_name', 'last_name', 'company', 'title',
        'industry', 'employees', 'annual_revenue', 'country', 'website', 'is_converted',
        'converted_at', 'converted_opportunity_id', 'person_contact_id', 'company_id',
        'disqualification_reason', 'pain', 'timeframe', 'score', 'utm_source', 'utm_medium',
        'utm_campaign', 'row_status', 'row_reason',
    ], used_only=false) }}
)

select * from int_leads_unioned
