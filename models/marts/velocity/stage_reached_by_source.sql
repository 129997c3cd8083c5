-- One row per source and furthest open stage.
with

stage_reached_by_source as (
    select
        source,
        coalesce(stage_reached, 'unknown') as stage,
        cast(count(*) as integer) as opportunities,
        cast(count(case when outcome = 'lost' then 1 end) as integer) as lost,
        cast(count(case when outcome = 'won' then 1 end) as integer) as won
    from {{ ref('fct_opportunities') }}
    group by source, coalesce(stage_reached, 'unknown')
)

select * from stage_reached_by_source
