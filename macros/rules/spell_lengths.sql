{#- How long spells of the same keys last: one row per combination of the keys, with the counts, the plain mean and quantiles of
    the finished ones, and the Kaplan-Meier median over all, for which spells that still go on are censored, with its 95% interval
    (Brookmeyer and Crowley) and whether it is of too few spells. `spells` is a CTE with the keys, days and is_open. -#}
{% macro spell_lengths(spells, keys) -%}
    {%- set key = keys | join(', ') -%}
    {%- set width = '(' ~ z_of_95_percent() ~ ' * sqrt(variance) / -log_surviving)' -%}
    with

    summed as (
        select
            {{ key }},
            count(*) as spells,
            count(case when is_open then 1 end) as open_spells,
            count(case when not is_open then 1 end) as finished_spells,
            {{ is_small_sample('count(days)') }} as median_days_is_small_sample,
            avg(case when not is_open then days end) as mean_days,
            {{ quantile('case when not is_open then days end', 0.75) }} as p75_days,
            {{ quantile('case when not is_open then days end', 0.9) }} as p90_days
        from {{ spells }}
        group by {{ key }}
    ),

    -- Per length: how many ended then, and how many lasted at least that long.
    durations as (
        select
            {{ key }},
            days,
            count(case when not is_open then 1 end) as ended,
            sum(cast(count(*) as {{ double_type() }})) over (partition by {{ key }} order by days desc rows unbounded preceding)
                as at_risk
        from {{ spells }}
        where days is not null
        group by {{ key }}, days
    ),

    -- Survival is the running product of (1 - ended / at risk), and what it may be wrong by has Greenwood's running sum.
    logarithms as (
        select
            {{ key }},
            days,
            ended = at_risk as is_last,
            sum(case when ended < at_risk then ln(1.0 - ended / at_risk) end)
                over (partition by {{ key }} order by days rows unbounded preceding) as log_surviving,
            sum(case when ended < at_risk then ended / (at_risk * (at_risk - ended)) end)
                over (partition by {{ key }} order by days rows unbounded preceding) as variance
        from durations
        where ended > 0
    ),

    -- Zero once everybody at risk has ended; the band is that of log(-log(survival)).
    survival as (
        select
            {{ key }},
            days,
            case when is_last then 0.0 else exp(log_surviving) end as surviving,
            case when is_last then 0.0 else exp(log_surviving * exp({{ width }})) end as surviving_low,
            case when is_last then 1.0 else exp(log_surviving * exp(-{{ width }})) end as surviving_high
        from logarithms
    ),

    -- Exactly one half over a stretch: the middle of the stretch. The tolerance is for products of doubles.
    medians as (
        select
            {{ key }},
            min(case when surviving < 0.5 - 1e-9 then days end) as first_below,
            min(case when abs(surviving - 0.5) <= 1e-9 then days end) as first_half,
            min(case when surviving_low <= 0.5 then days end) as median_days_low,
            min(case when surviving_high <= 0.5 then days end) as median_days_high
        from survival
        group by {{ key }}
    )

    select
        summed.*,
        case
            when medians.first_half is null then medians.first_below
            else (medians.first_half + coalesce(medians.first_below, medians.first_half)) / 2.0
        end as median_days,
        medians.median_days_low,
        medians.median_days_high
    from summed
    left join medians
        on {% for name in keys %}summed.{{ name }} = medians.{{ name }}{{ ' and ' if not loop.last }}{% endfor %}
{%- endmacro %}
