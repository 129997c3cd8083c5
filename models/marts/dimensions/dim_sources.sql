-- One row per canonical source, by the definitions in force at as_of.
with

dim_sources as (
    select source, channel, demand_type, origin from {{ ref('int_sources') }} where is_current
)

select * from dim_sources
