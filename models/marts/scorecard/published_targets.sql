-- One row per metric, period and source that something was agreed for.
with

published_targets as (
    select
        metric,
        period_kind,
        period_start,
        source,
        cast(target as {{ double_type() }}) as target
    from {{ ref('targets') }}
)

select * from published_targets
