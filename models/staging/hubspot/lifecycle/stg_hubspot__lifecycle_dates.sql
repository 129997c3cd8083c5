-- Grain: one row per contact and lifecycle stage that only a date property of the contact tells.
{{ config(materialized='table') }}

with

contacts as (
    select * from {{ ref('stg_hubspot__contact_records') }} where row_status = 'used'
),

survivors as (
    select * from {{ ref('stg_hubspot__contact_survivors') }}
),

newer_dates as (
    {{ raw_stage_dates(
        source('hubspot', 'contact'), key='id', prefixes=['hsv2dateentered', 'hsdateentered']
    ) }}
),

oldest_dates as (
    {{ raw_stage_dates(
        source('hubspot', 'contact'), key='id', prefixes=['hslifecyclestage'], suffix='date'
    ) }}
),

dates as (
    select crm, raw_row_number, record_id, stage_name, entered_at, generation
    from newer_dates
    union all
    select crm, raw_row_number, record_id, stage_name, entered_at, 3 as generation
    from oldest_dates
),

keyed as (
    select *, {{ raw_key('record_id') }} as contact_id from dates
),

-- Only the copy of a contact that counts may speak, and of several dates of a stage the newest kind.
own_dates as (
    select
        keyed.crm,
        keyed.contact_id,
        keyed.stage_name,
        keyed.entered_at,
        row_number() over (
            partition by keyed.contact_id, keyed.stage_name order by keyed.generation
        ) as preference
    from keyed
    inner join contacts
        on
            keyed.contact_id = contacts.contact_id
            and coalesce(keyed.raw_row_number = contacts.raw_row_number, true)
),

-- Names of properties have no punctuation, so stages are compared without.
told_by_history as (
    select distinct
        coalesce(survivors.survivor_id, history.contact_id) as contact_id,
        replace({{ words('history.new_value') }}, ' ', '') as stage_name
    from {{ ref('stg_hubspot__contact_property_history') }} as history
    left join survivors on history.contact_id = survivors.contact_id
    where
        history.property = 'lifecyclestage'
        and (history.row_status = 'used' or history.row_reason = 'after_as_of')
),

stg_hubspot__lifecycle_dates as (
    select own_dates.crm, own_dates.contact_id, own_dates.stage_name, own_dates.entered_at
    from own_dates
    left join told_by_history
        on
            own_dates.contact_id = told_by_history.contact_id
            and own_dates.stage_name = told_by_history.stage_name
    where own_dates.preference = 1 and told_by_history.contact_id is null
)

select * from stg_hubspot__lifecycle_dates
