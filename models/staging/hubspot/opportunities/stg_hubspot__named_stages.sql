-- Grain: one row per pipeline of a deal and stage that a deal or its history names: the stage that
-- is meant. It is of the deal's pipeline where that has it, else of the one that has it.
{{ config(materialized='table') }}

with

stages as (
    select * from {{ ref('stg_hubspot__stages') }}
),

named as (
    select crm, coalesce(pipeline_id, '') as pipeline_id, stage_id as stage_name
    from {{ ref('stg_hubspot__deals') }}
    where stage_id is not null
    {{ distinct_union() }}
    select crm, coalesce(pipeline_id, '') as pipeline_id, stage_name
    from {{ ref('stg_hubspot__stage_entries') }}
),

spelt as (
    select *, replace({{ words('stage_name') }}, ' ', '') as property_name from named
),

-- HubSpot appends a number to a property whose stage has an id with punctuation.
matches as (
    select
        spelt.crm,
        spelt.pipeline_id,
        spelt.stage_name,
        stages.stage,
        stages.stage_key,
        stages.is_closed,
        stages.is_won,
        row_number() over (
            partition by spelt.crm, spelt.pipeline_id, spelt.stage_name
            order by
                case
                    when {{ folded('stages.stage_id') }} = {{ folded('spelt.stage_name') }} then 0
                    when stages.property_name = spelt.property_name then 1
                    else 2
                end,
                case when stages.pipeline_id = spelt.pipeline_id then 0 else 1 end,
                length(stages.property_name) desc,
                stages.stage_key
        ) as preference
    from spelt
    inner join stages
        on
            spelt.crm = stages.crm
            and substr(spelt.property_name, 1, length(stages.property_name)) = stages.property_name
            and (
                spelt.property_name = stages.property_name
                or stages.property_name <> {{ folded('stages.stage_id') }}
            )
),

stg_hubspot__named_stages as (
    select
        spelt.crm,
        spelt.pipeline_id,
        spelt.stage_name,
        coalesce(matches.stage, spelt.stage_name) as stage,
        coalesce(
            matches.stage_key, {{ folded("spelt.pipeline_id || '/' || spelt.stage_name") }}
        ) as stage_key,
        matches.is_closed,
        matches.is_won
    from spelt
    left join matches
        on
            spelt.crm = matches.crm
            and spelt.pipeline_id = matches.pipeline_id
            and spelt.stage_name = matches.stage_name
            and matches.preference = 1
)

select * from stg_hubspot__named_stages
