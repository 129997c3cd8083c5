-- Grain: one row per contact that went into another and whose chain ends at a contact that is still
-- there. A circle ends at nobody.
{{ config(materialized='table') }}

with recursive

steps as (
    select lead_id as record_id, into_lead_id as into_id
    from {{ ref('stg_hubspot__lead_merges') }}
),

present as (
    select contact_id
    from {{ ref('stg_hubspot__contact_records') }}
    where row_status = 'used' or row_reason = 'not_a_lead'
),

chains as (
    {{ followed('chains', 'steps') }}
),

stg_hubspot__contact_survivors as (
    select chains.record_id as contact_id, chains.reached_id as survivor_id
    from chains
    inner join present on chains.reached_id = present.contact_id
)

select * from stg_hubspot__contact_survivors
