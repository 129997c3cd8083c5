{#- How long spells of the same keys last: one row per combination of the keys, with the counts, the plain mean and quantiles of
    the finished ones, and the Kaplan-Meier median over all, for which spells that still go on are censored. `spells` is a CTE
    with the keys, days and is_open. -#}
{% macro spell_lengths(spells, keys) -%}
    {%- set key = keys | join(', ') -%}
    with

    summed as (
        select
            {{ key }},
            count(*) as spells,
            count(case when is_open then 1 end) as open_spells,
            count(case when not is_open then 1 end) as finished_spells,
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

    -- Survival is the running product of (1 - ended / at risk); zero once everybody at risk has ended.
    survival as (
        select
            {{ key }},
            days,
            case
                when ended = at_risk then 0.0
                else exp(
                    sum(case when ended < at_risk then ln(1.0 - ended / at_risk) end)
                        over (partition by {{ key }} order by days rows unbounded preceding)
                )
            end as surviving
        from durations
        where ended > 0
    ),

    -- Exactly one half over a stretch: the middle of the stretch. The tolerance is for products of doubles.
    medians as (
        select
            {{ key }},
            min(case when surviving < 0.5 - 1e-9 then days end) as first_below,
            min(case when abs(surviving - 0.5) <= 1e-9 then days end) as first_half
        from survival
        group by {{ key }}
    )

    select
        summed.*,
        case
            when medians.first_half is null then medians.first_below
            else (medians.first_half + coalesce(medians.first_below, medians.first_half)) / 2.0
        end as median_days
    from summed
    left join medians
        on {% for name in keys %}summed.{{ name }} = medians.{{ name }}{{ ' and ' if not loop.last }}{% endfor %}
{%- endmacro %}
