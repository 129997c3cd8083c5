-- Grain: one row per row of the raw table lead.
{{ config(materialized='table') }}

with source_rows as (
    {{ raw(source('salesforce', 'lead')) }}
),

judged as (
    {{ row_rules(
        'source_rows', dated_by='created_date', ends_by='created_date', merges='nullif(master_record_id, id)',
        copies_in=source('salesforce', 'lead')
    ) }}
),

stg_salesforce__leads as (
    select
        crm,
        'lead' as raw_table,
        {{ raw_key('id') }} as lead_id,
        created_date as created_at,
        last_modified_date as last_modified_at,
        synced_at,
        status,
        lead_source,
        {{ raw_key('owner_id') }} as owner_id,
        email,
        first_name,
        last_name,
        company,
        title,
        industry,
        number_of_employees as employees,
        annual_revenue,
        country,
        website,
        {{ raw_key('nullif(master_record_id, id)') }} as master_lead_id,
        coalesce(
            is_converted,
            coalesce(converted_opportunity_id, converted_contact_id, converted_account_id)
            is not null
            or converted_date is not null
        ) as is_converted,
        {{ moment_of_date('converted_date') }} as converted_at,
        {{ raw_key('converted_opportunity_id') }} as converted_opportunity_id,
        {{ raw_key('converted_contact_id') }} as person_contact_id,
        {{ raw_key('converted_account_id') }} as company_id,
        disqualification_reason_c as disqualification_reason,
        pain_c as pain,
        timeframe_c as timeframe,
        lead_score_c as score,
        utm_source_c as utm_source,
        utm_medium_c as utm_medium,
        utm_campaign_c as utm_campaign,
        row_status,
        row_reason
    from judged
)

select * from stg_salesforce__leads
