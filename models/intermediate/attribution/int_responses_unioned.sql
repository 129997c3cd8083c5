{{ config(materialized='view') }}
-- One row per response.
with

int_responses_unioned as (
    {{ unioned([
        'stg_salesforce__responses',
        'stg_hubspot__responses',
        'stg_generic__responses',
    ], [
        'crm', 'response_id', 'lead_id', 'contact_id', 'campaign_id', 'offer', 'responded_at',
    ]) }}
)

select * from int_responses_unioned
