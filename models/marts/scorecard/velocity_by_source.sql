-- One row per source, open stage and outcome of the deal: how long visits to the stage last.
-- Visits still going on are censored: the median is the Kaplan-Meier estimate.
with

visits as (
    select source, stage, outcome, days_in_stage, is_open
    from {{ ref('fct_opportunity_stages') }}
    where not is_closed_stage
),

summed as (
    select
        source,
        stage,
        outcome,
        count(*) as visits,
        count(case when is_open then 1 end) as open_visits,
        count(case when not is_open then 1 end) as finished_visits,
        avg(case when not is_open then days_in_stage end) as mean_days,
        {{ quantile('case when not is_open then days_in_stage end', 0.75) }} as p75_days,
        {{ quantile('case when not is_open then days_in_stage end', 0.9) }} as p90_days
    from visits
    group by source, stage, outcome
),

-- Per length of stay: how many ended then, and how many lasted at least that long.
durations as (
    select
        source,
        stage,
        outcome,
        days_in_stage,
        count(case when not is_open then 1 end) as ended,
        sum(count(*)) over (
            partition by source, stage, outcome order by days_in_stage desc
        ) as at_risk
    from visits
    where days_in_stage is not null
    group by source, stage, outcome, days_in_stage
),

-- Survival is the running product of (1 - ended / at risk); it is zero once everybody at risk has
-- ended.
survival as (
    select
        source,
        stage,
        outcome,
        days_in_stage,
        case
            when ended = at_risk then 0.0
            else
                exp(
                    sum(
                        case
                            when
                                ended < at_risk
                                then ln(1.0 - cast(ended as double precision) / at_risk)
                        end
                    ) over (
                        partition by source, stage, outcome order by days_in_stage
                    )
                )
        end as surviving
    from durations
    where ended > 0
),

-- Exactly one half over a stretch: the middle of the stretch. The tolerance is for products of
-- doubles.
medians as (
    select
        source,
        stage,
        outcome,
        min(case when surviving < 0.5 - 1e-9 then days_in_stage end) as first_below,
        min(case when abs(surviving - 0.5) <= 1e-9 then days_in_stage end) as first_half
    from survival
    group by source, stage, outcome
),

velocity_by_source as (
    select
        summed.source,
        summed.stage,
        summed.outcome,
        cast(summed.visits as integer) as visits,
        cast(summed.open_visits as integer) as open_visits,
        cast(summed.finished_visits as integer) as finished_visits,
        summed.mean_days,
        case
            when medians.first_half is null then medians.first_below
            else (medians.first_half + coalesce(medians.first_below, medians.first_half)) / 2.0
        end as median_days,
        summed.p75_days,
        summed.p90_days
    from summed
    left join medians
        on
            summed.source = medians.source
            and summed.stage = medians.stage
            and summed.outcome = medians.outcome
)

select * from velocity_by_source
