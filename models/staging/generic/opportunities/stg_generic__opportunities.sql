-- Grain: one row per row of the raw table opportunities.
{{ config(materialized='table') }}

with source_rows as (
    {{ raw(source('generic', 'opportunities')) }}
),

judged as (
    {{ row_rules(
        'source_rows', key=['opportunity_id'], needs=['opportunity_id'], ends_by='created_at'
    ) }}
),

stg_generic__opportunities as (
    select
        crm,
        'opportunities' as raw_table,
        {{ raw_key('opportunity_id') }} as opportunity_id,
        {{ stated('company') }} as company,
        {{ raw_key("nullif(trim(" ~ words(stated('company')) ~ "), '')") }} as company_id,
        cast(null as {{ text_type() }}) as campaign_id,
        source as lead_source,
        created_at,
        -- The layout knows no time of the last change.
        cast(null as timestamp) as last_modified_at,
        synced_at,
        {{ day_of_moment('closed_at') }} as close_date,
        closed_at,
        stage,
        {{ folded('stage') }} as stage_key,
        is_closed,
        is_won,
        amount,
        cast(null as {{ double_type() }}) as home_amount,
        currency,
        next_step,
        {{ raw_key('owner') }} as owner_id,
        lost_reason as loss_reason,
        cast(null as {{ text_type() }}) as other_crm_id,
        row_status,
        row_reason
    from judged
)

select * from stg_generic__opportunities
