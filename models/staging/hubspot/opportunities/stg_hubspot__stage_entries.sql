-- Grain: one row per recorded entry of a deal into a stage, those after as_of among them; the stage
-- as it was told: an id, or the name of a property without punctuation.
{{ config(materialized='table') }}

with

deals as (
    select * from {{ ref('stg_hubspot__deals') }} where row_status in ('used', 'merged')
),

stage_history as (
    select crm, deal_id, stage_id as stage_name, entered_at, 1 as precedence
    from {{ ref('stg_hubspot__deal_stages') }}
    where row_status = 'used' or row_reason = 'after_as_of'
),

property_history as (
    select crm, deal_id, new_value as stage_name, changed_at as entered_at, 2 as precedence
    from {{ ref('stg_hubspot__deal_property_history') }}
    where
        (row_status = 'used' or row_reason = 'after_as_of')
        and {{ folded('property') }} = 'dealstage'
),

stage_dates as (
    {{ raw_stage_dates(
        source('hubspot', 'deal'), key='deal_id', prefixes=['hsv2dateentered', 'hsdateentered']
    ) }}
),

keyed_dates as (
    select *, {{ raw_key('record_id') }} as deal_id from stage_dates
),

-- Only the copy of a deal that counts may speak, and of two dates of a stage the newer kind.
own_dates as (
    select
        keyed_dates.*,
        row_number() over (
            partition by keyed_dates.deal_id, keyed_dates.stage_name
            order by keyed_dates.generation
        ) as preference
    from keyed_dates
    inner join deals
        on
            keyed_dates.deal_id = deals.deal_id
            and coalesce(keyed_dates.raw_row_number = deals.raw_row_number, true)
    where keyed_dates.entered_at is not null
),

entries as (
    select * from stage_history
    union all
    select * from property_history
    union all
    select crm, deal_id, stage_name, entered_at, 3 as precedence
    from own_dates
    where preference = 1
),

stg_hubspot__stage_entries as (
    select
        entries.crm,
        entries.deal_id,
        deals.pipeline_id,
        entries.stage_name,
        entries.entered_at,
        entries.precedence
    from entries
    left join deals on entries.deal_id = deals.deal_id
    where entries.stage_name is not null
)

select * from stg_hubspot__stage_entries
