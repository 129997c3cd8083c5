-- Grain: one row per row of the raw table contact.
{{ config(materialized='table') }}

with

source_rows as (
    {{ raw(source('hubspot', 'contact')) }}
),

steps as (
    select * from {{ ref('stg_hubspot__lead_merges') }}
),

keyed as (
    select *, {{ raw_key('id') }} as contact_id from source_rows
),

with_survivors as (
    select keyed.*, substr(steps.into_lead_id, length(keyed.crm) + 2) as survivor_id
    from keyed
    left join steps on keyed.contact_id = steps.lead_id
),

judged as (
    {{ row_rules(
        'with_survivors', needs=['id'], dated_by='createdate', ends_by='createdate',
        merges='survivor_id'
    ) }}
),

-- Friends and partners are contacts as well; only a lead status makes leads of them.
with_leads_told as (
    select
        *,
        case
            when
                row_status = 'used'
                and {{ folded('lifecyclestage') }} in ('other', 'evangelist')
                and hs_lead_status is null
                then 'not_a_lead'
            else row_reason
        end as final_reason
    from judged
),

stg_hubspot__contact_records as (
    select
        crm,
        raw_row_number,
        contact_id,
        createdate as created_at,
        last_modified_date as last_modified_at,
        synced_at,
        lifecyclestage as lifecycle_stage,
        hs_lead_status as lead_status,
        coalesce(lead_source, hs_analytics_source) as lead_source,
        {{ raw_key('hubspot_owner_id') }} as owner_id,
        email,
        firstname as first_name,
        lastname as last_name,
        company,
        jobtitle as title,
        industry,
        numemployees as employees,
        annualrevenue as annual_revenue,
        country,
        website,
        {{ raw_key('associatedcompanyid') }} as company_id,
        disqualification_reason,
        pain,
        timeframe,
        hubspotscore as score,
        utm_source,
        utm_medium,
        utm_campaign,
        {{ row_status('final_reason') }} as row_status,
        final_reason as row_reason
    from with_leads_told
)

select * from stg_hubspot__contact_records
