-- Grain: one row per row of the raw table leads.
{{ config(materialized='table') }}

with source_rows as (
    {{ raw(source('generic', 'leads')) }}
),

judged as (
    {{ row_rules(
        'source_rows', key=['lead_id'], needs=['lead_id'], dated_by='created_at',
        ends_by='created_at'
    ) }}
),

opportunities as (
    select * from {{ ref('stg_generic__opportunities') }}
    where row_status = 'used' or row_reason = 'after_as_of'
),

keyed as (
    select
        *,
        {{ raw_key('lead_id') }} as lead_key,
        {{ raw_key('owner') }} as owner_key,
        {{ raw_key('opportunity_id') }} as opportunity_key,
        {{ stated('company') }} as company_name,
        {{ raw_key("nullif(trim(" ~ words(stated('company')) ~ "), '')") }} as company_key,
        {{ raw_key(folded('campaign')) }} as campaign_key
    from judged
),

stg_generic__leads as (
    select
        keyed.crm,
        'leads' as raw_table,
        keyed.lead_key as lead_id,
        keyed.created_at,
        keyed.last_modified_date as last_modified_at,
        keyed.synced_at,
        keyed.status,
        keyed.source as lead_source,
        keyed.campaign,
        keyed.campaign_key as campaign_id,
        keyed.offer,
        keyed.owner_key as owner_id,
        keyed.email,
        cast(null as {{ text_type() }}) as first_name,
        cast(null as {{ text_type() }}) as last_name,
        keyed.company_name as company,
        keyed.title,
        keyed.industry,
        keyed.employees,
        keyed.revenue as annual_revenue,
        keyed.country,
        keyed.website,
        keyed.opportunity_key is not null as is_converted,
        opportunities.created_at as converted_at,
        keyed.opportunity_key as converted_opportunity_id,
        -- Activities and roles name the lead itself.
        keyed.lead_key as person_contact_id,
        keyed.company_key as company_id,
        keyed.disqualification_reason,
        keyed.pain,
        keyed.timeframe,
        keyed.score,
        cast(null as {{ text_type() }}) as utm_source,
        cast(null as {{ text_type() }}) as utm_medium,
        cast(null as {{ text_type() }}) as utm_campaign,
        keyed.handed_over_at,
        keyed.accepted_at,
        keyed.rejected_at,
        keyed.row_status,
        keyed.row_reason
    from keyed
    left join opportunities on keyed.opportunity_key = opportunities.opportunity_id
)

select * from stg_generic__leads
