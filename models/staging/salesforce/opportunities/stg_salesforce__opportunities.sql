-- Grain: one row per row of the raw table opportunity.
{{ config(materialized='table') }}

with source_rows as (
    {{ raw(source('salesforce', 'opportunity')) }}
),

judged as (
    {{ row_rules(
        'source_rows', needs=['id'], ends_by='created_date',
        copies_in=source('salesforce', 'opportunity')
    ) }}
),

stg_salesforce__opportunities as (
    select
        crm,
        'opportunity' as raw_table,
        {{ raw_key('id') }} as opportunity_id,
        {{ raw_key('account_id') }} as company_id,
        {{ raw_key('campaign_id') }} as campaign_id,
        lead_source,
        created_date as created_at,
        last_modified_date as last_modified_at,
        synced_at,
        close_date,
        cast(close_date as timestamp) as closed_at,
        stage_name as stage,
        {{ folded('stage_name') }} as stage_key,
        is_closed,
        is_won,
        amount,
        cast(null as {{ double_type() }}) as home_amount,
        next_step,
        {{ raw_key('owner_id') }} as owner_id,
        currency_iso_code as currency,
        loss_reason_c as loss_reason,
        hubspot_deal_id_c as other_crm_id,
        row_status,
        row_reason
    from judged
)

select * from stg_salesforce__opportunities
