-- Grain: one row per row of the raw table deal.
{{ config(materialized='table') }}

with

source_rows as (
    {{ raw(source('hubspot', 'deal')) }}
),

steps as (
    select * from {{ ref('stg_hubspot__opportunity_merges') }}
),

archived as (
    select deal_id, max(last_modified_at) as last_modified_at
    from {{ ref('stg_hubspot__archived_deals') }}
    where row_reason = 'deleted'
    group by deal_id
),

keyed as (
    select *, {{ raw_key('deal_id') }} as deal_key from source_rows
),

-- A deal that changed after it was archived was restored.
told as (
    select
        keyed.*,
        substr(steps.into_opportunity_id, length(keyed.crm) + 2) as survivor_id,
        case
            when archived.deal_id is not null
                then coalesce(keyed.last_modified_date <= archived.last_modified_at, true)
            else false
        end as is_archived
    from keyed
    left join steps on keyed.deal_key = steps.opportunity_id
    left join archived on keyed.deal_key = archived.deal_id
),

judged as (
    {{ row_rules(
        'told', key=['deal_id'], needs=['deal_id'], ends_by='createdate',
        merges='survivor_id'
    ) }}
),

stg_hubspot__deals as (
    select
        crm,
        raw_row_number,
        deal_key as deal_id,
        createdate as created_at,
        last_modified_date as last_modified_at,
        synced_at,
        deal_pipeline_id as pipeline_id,
        deal_pipeline_stage_id as stage_id,
        closedate as closed_at,
        amount,
        amount_in_home_currency as home_amount,
        deal_currency_code as currency,
        hs_is_closed as is_closed,
        hs_is_closed_won as is_won,
        hs_next_step as next_step,
        closed_lost_reason as loss_reason,
        coalesce(lead_source, hs_analytics_source) as lead_source,
        {{ raw_key('owner_id') }} as owner_id,
        hs_salesforceopportunityid as salesforce_id,
        {{ raw_key('hs_primary_associated_company') }} as primary_company_id,
        contacts as contact_list,
        companies as company_list,
        case when row_status = 'used' and is_archived then 'excluded' else row_status end
            as row_status,
        case when row_status = 'used' and is_archived then 'deleted' else row_reason end
            as row_reason
    from judged
)

select * from stg_hubspot__deals
