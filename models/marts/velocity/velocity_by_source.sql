-- One row per source, open stage and outcome of the deal: how long visits to the stage last.
with

visits as (
    select source, stage, outcome, days_in_stage as days, is_open
    from {{ ref('fct_opportunity_stages') }}
    where not is_closed_stage
),

lengths as (
    {{ spell_lengths('visits', ['source', 'stage', 'outcome']) }}
),

velocity_by_source as (
    select
        source,
        stage,
        outcome,
        cast(spells as integer) as visits,
        cast(open_spells as integer) as open_visits,
        cast(finished_spells as integer) as finished_visits,
        mean_days,
        median_days,
        median_days_low,
        median_days_high,
        median_days_is_small_sample,
        p75_days,
        p90_days
    from lengths
)

select * from velocity_by_source
