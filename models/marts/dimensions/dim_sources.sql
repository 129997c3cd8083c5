-- One row per canonical source.
with

dim_sources as (
    select source, channel, demand_type, origin from {{ ref('int_sources') }}
)

select * from dim_sources
