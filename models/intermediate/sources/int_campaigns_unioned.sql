{{ config(materialized='view') }}
-- One row per campaign.
with

int_campaigns_unioned as (
    {{ unioned([
        'stg_salesforce__campaigns',
        'stg_generic__campaigns',
    ], [
        'crm', 'campaign_id', 'name', 'type', 'start_date', 'end_date', 'cost', 'currency',
    ]) }}
)

select * from int_campaigns_unioned
