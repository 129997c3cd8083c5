-- Grain: one row per contact that went into another (it may have no row any more): the next step of
-- its chain. The survivor lists who went into it, or a table tells.
{{ config(materialized='table') }}

with

contact_rows as (
    {{ raw(source('hubspot', 'contact')) }}
),

judged as (
    {{ row_rules('contact_rows', needs=['id']) }}
),

-- A contact that went on into another, or was deleted, still tells who had come into it.
survivors as (
    select * from judged where row_status = 'used' or row_reason = 'deleted'
),

listed as (
    {{ split_rows('survivors', ['crm', 'id'], 'hs_merged_object_ids', as='merged_id') }}
),

listed_with_times as (
    {{ split_rows('survivors', ['crm', 'id'], 'hs_calculated_merged_vids', as='id_and_time') }}
),

marked as (
    select survivors.crm, survivors.id, merged_ids.merged_contact_id
    from {{ ref('stg_hubspot__contact_merged_ids') }} as merged_ids
    inner join survivors
        on merged_ids.crm = survivors.crm and merged_ids.contact_mark = survivors._dlt_id
    where merged_ids.row_status = 'used'
),

steps as (
    select crm, {{ raw_key('merged_id') }} as lead_id, {{ raw_key('id') }} as into_lead_id
    from listed
    {{ distinct_union() }}
    select
        crm,
        {{ raw_key(dbt.split_part('id_and_time', "':'", 1)) }} as lead_id,
        {{ raw_key('id') }} as into_lead_id
    from listed_with_times
    {{ distinct_union() }}
    select crm, merged_contact_id as lead_id, {{ raw_key('id') }} as into_lead_id
    from marked
    {{ distinct_union() }}
    select crm, merged_contact_id as lead_id, contact_id as into_lead_id
    from {{ ref('stg_hubspot__contact_merge_audits') }}
    where row_status = 'used'
),

-- Of several contacts that it is said to have gone into, the one with the largest number counts.
ranked as (
    select
        *,
        row_number() over (
            partition by lead_id order by length(into_lead_id) desc, into_lead_id desc
        ) as preference
    from steps
    where lead_id <> into_lead_id
),

stg_hubspot__lead_merges as (
    select
        crm,
        lead_id,
        into_lead_id,
        true as keeps_history,
        false as is_contact,
        'used' as row_status
    from ranked
    where preference = 1
)

select * from stg_hubspot__lead_merges
