-- What: the opportunity tables by source add up to fct_opportunities.
-- Why: a deal without a month, a stage or a source must still be counted.
-- Mend: measure names the table; look for an inner join or a filter in models/marts/scorecard.
{%- set roads = [
    ('pipeline_quality', 'opportunities', 'true'),
    ('pipeline_quality', 'open_opportunities', "outcome = 'open'"),
    ('stage_reached_by_source', 'opportunities', 'true'),
    ('stage_reached_by_source', 'won', "outcome = 'won'"),
    ('win_rate_by_source', 'won', "outcome = 'won' and closed_month is not null"),
    ('win_rate_by_source', 'lost', "outcome = 'lost' and closed_month is not null"),
] %}
with

by_table as (
    {% for relation, measure, condition in roads -%}
    select '{{ relation }}.{{ measure }}' as measure, coalesce(sum({{ measure }}), 0) as deals
    from {{ ref(relation) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

straight as (
    {% for relation, measure, condition in roads -%}
    select
        '{{ relation }}.{{ measure }}' as measure,
        count(case when {{ condition }} then 1 end) as deals
    from {{ ref('fct_opportunities') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    straight.measure,
    straight.deals as straight_deals,
    by_table.deals as table_deals
from straight
inner join by_table on straight.measure = by_table.measure
where straight.deals <> by_table.deals
