-- What: each row of seeds/targets.csv names a metric, a kind of period, the day on which such a
--   period begins, and a number; its source is a known one or empty; and no target stands twice.
-- Why: a target that belongs to no number is compared with nothing, without a word.
-- Mend: fault says what is wrong with the row; correct it in seeds/targets.csv.
{#- A measure that has a kind is a metric as it stands: the times, which are medians. -#}
{%- set names = graph.metrics.values() | map(attribute='name') | list -%}
{%- for model in graph.semantic_models.values() -%}
{%- for measure in model.measures if measure.config.meta.kind -%}
{%- do names.append(measure.name) -%}
{%- endfor -%}
{%- endfor %}

with

metrics as (
    {% for name in names | unique -%}
    select '{{ name }}' as name
    union all
    {% endfor -%}
    select null as name
),

counted as (
    select
        targets.*,
        metrics.name as known_metric,
        sources.source as known_source,
        count(*) over (
            partition by
                targets.metric, targets.period_kind, targets.period_start, targets.source
        ) as times
    from {{ ref('targets') }} as targets
    left join metrics on targets.metric = metrics.name
    left join {{ ref('dim_sources') }} as sources on targets.source = sources.source
),

judged as (
    select
        *,
        case
            when metric is null then 'the metric is empty'
            when known_metric is null then 'no metric is called ' || metric
            when coalesce(period_kind, '') not in ('week', 'month', 'quarter')
                then 'period_kind is not week, month or quarter'
            when period_start is null then 'period_start is empty'
            when
                period_start <> case period_kind
                    when 'week' then {{ first_day_of('week', 'period_start') }}
                    when 'month' then {{ first_day_of('month', 'period_start') }}
                    else {{ first_day_of('quarter', 'period_start') }}
                end
                then 'no ' || period_kind || ' begins on that day'
            when source is not null and known_source is null
                then 'no source of seeds/definition/lead_sources.csv is called ' || source
            when target is null then 'target is empty'
            when times > 1 then 'the same target stands more than once'
        end as fault
    from counted
)

select metric, period_kind, period_start, source, target, fault
from judged
where fault is not null
