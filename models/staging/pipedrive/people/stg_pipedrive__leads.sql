-- Grain: one row per row of the raw table persons: Pipedrive's people are the leads.
{{ config(materialized='table') }}

with source_rows as (
    {{ raw(source('pipedrive', 'persons')) }}
),

-- A person who is no longer active was deleted.
persons as (
    select *, coalesce(deleted_flag, not active_flag, false) as is_deleted from source_rows
),

judged as (
    {{ row_rules('persons', needs=['id'], dated_by='add_time', ends_by='add_time') }}
),

addresses as (
    {{ json_rows('judged', ['crm', 'id'], 'email') }}
),

-- An e-mail comes as text, or as a list of addresses of which one is the primary.
emails as (
    select
        crm,
        id,
        {{ json_text('item', 'value') }} as email,
        row_number() over (
            partition by crm, id
            order by {{ json_text('item', 'primary') }} = 'true' desc nulls last
        ) as preference
    from addresses
),

items as (
    select
        *,
        row_number() over (partition by lead_id order by created_at, item_id) as item_number,
        min(case when is_archived then 1 else 0 end) over (partition by lead_id) as is_archived_each
    from {{ ref('stg_pipedrive__lead_items') }}
    where row_status = 'used'
),

stg_pipedrive__leads as (
    select
        judged.crm,
        'persons' as raw_table,
        judged.crm || ':' || judged.id as lead_id,
        judged.add_time as created_at,
        judged.last_modified_date as last_modified_at,
        judged.synced_at,
        case when items.is_archived_each = 1 then 'Archived' end as status,
        items.source_name as lead_source,
        judged.crm || ':' || judged.owner_id as owner_id,
        coalesce(emails.email, judged.email) as email,
        judged.first_name,
        judged.last_name,
        cast(null as {{ text_type() }}) as company,
        judged.job_title as title,
        cast(null as {{ text_type() }}) as industry,
        cast(null as {{ double_type() }}) as employees,
        cast(null as {{ double_type() }}) as annual_revenue,
        cast(null as {{ text_type() }}) as country,
        cast(null as {{ text_type() }}) as website,
        false as is_converted,
        cast(null as timestamp) as converted_at,
        cast(null as {{ text_type() }}) as converted_opportunity_id,
        judged.crm || ':' || judged.id as person_contact_id,
        judged.crm || ':' || judged.org_id as company_id,
        cast(null as {{ text_type() }}) as disqualification_reason,
        cast(null as {{ text_type() }}) as pain,
        cast(null as {{ text_type() }}) as timeframe,
        cast(null as {{ double_type() }}) as score,
        cast(null as {{ text_type() }}) as utm_source,
        cast(null as {{ text_type() }}) as utm_medium,
        cast(null as {{ text_type() }}) as utm_campaign,
        judged.row_status,
        judged.row_reason
    from judged
    left join emails
        on judged.crm = emails.crm and judged.id = emails.id and emails.preference = 1
    left join items
        on judged.crm || ':' || judged.id = items.lead_id and items.item_number = 1
)

select * from stg_pipedrive__leads
