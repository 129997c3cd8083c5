-- What: a visit is left exactly when the next one begins: durations are never negative, all but the
--   last visit have an end, the stretches add up to the time from the first visit to the last, at
--   most one is open, and visits to a stage are numbered without a gap (that no number stands twice
--   is tested with the keys).
-- Why: velocity counts the days between; a gap or an overlap counts days twice or not at all.
-- Mend: look at the ordering in int_lead_visits or int_opportunity_visits.
{%- set keys = {'fct_lead_stages': 'lead_id', 'fct_opportunity_stages': 'opportunity_id'} %}
with

{% for visits, key in keys.items() -%}
-- Visits with another number than one, whose number before no visit has.
gaps_of_{{ visits }} as (
    select later.{{ key }} as key_id, count(*) as gaps
    from {{ ref(visits) }} as later
    left join {{ ref(visits) }} as earlier
        on
            later.{{ key }} = earlier.{{ key }}
            and {{ folded('later.stage') }} = {{ folded('earlier.stage') }}
            and later.visit_number = earlier.visit_number + 1
    where later.visit_number <> 1 and earlier.{{ key }} is null
    group by later.{{ key }}
),

-- The seconds from the first visit to the last, once at a stretch and once visit by visit.
stretches_of_{{ visits }} as (
    select
        {{ key }} as key_id,
        count(*) - count(exited_at) as visits_without_end,
        count(case when is_open then 1 end) as open_visits,
        count(case when days_in_stage < 0 or exited_at < entered_at then 1 end) as backward_visits,
        count(case when is_open and exited_at is not null then 1 end) as open_with_end,
        {{ seconds_between('min(entered_at)', 'max(entered_at)') }} as seconds_at_a_stretch,
        coalesce(sum({{ seconds_between('entered_at', 'exited_at') }}), 0) as seconds_in_visits
    from {{ ref(visits) }}
    group by {{ key }}
),

{% endfor -%}
stretches as (
    {% for visits in keys -%}
    select
        '{{ visits }}' as of_table, stretches.*, coalesce(gaps.gaps, 0) as gaps
    from stretches_of_{{ visits }} as stretches
    left join gaps_of_{{ visits }} as gaps on stretches.key_id = gaps.key_id
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select *
from stretches
where
    visits_without_end <> 1
    or open_visits > 1
    or backward_visits > 0
    or open_with_end > 0
    or gaps > 0
    or abs(seconds_at_a_stretch - seconds_in_visits) > 0.001
