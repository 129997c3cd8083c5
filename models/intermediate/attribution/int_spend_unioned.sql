{{ config(materialized='view') }}
-- One row per sum spent that a CRM lists by itself, apart from the costs of its campaigns.
with

int_spend_unioned as (
    {{ unioned([
        'stg_generic__spend',
    ], ['crm', 'lead_source', 'campaign_id', 'spend_month', 'amount'],
    types={'spend_month': 'date', 'amount': 'double'}) }}
)

select * from int_spend_unioned
