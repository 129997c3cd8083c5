-- What: a visit is left exactly when the next one begins: durations are never negative, all but the
--   last visit have an end, the stretches add up to the time from the first visit to the last, at
--   most one is open, and visits to a stage are numbered without a gap (that no number stands twice
--   is tested with the keys).
-- Why: velocity counts the days between; a gap or an overlap counts days twice or not at all.
-- Mend: look at the ordering in int_lead_visits or int_opportunity_visits.
with

{% for visits, key in [
    ('fct_lead_stages', 'lead_id'), ('fct_opportunity_stages', 'opportunity_id')
] -%}
stages_of_{{ visits }} as (
    select
        {{ key }} as key_id,
        count(*) as visits,
        count(exited_at) as visits_with_end,
        count(case when is_open then 1 end) as open_visits,
        count(case when days_in_stage < 0 or exited_at < entered_at then 1 end) as backward_visits,
        count(case when is_open and exited_at is not null then 1 end) as open_with_end,
        min(visit_number) as first_number,
        max(visit_number) as last_number,
        min(entered_at) as first_entered_at,
        max(entered_at) as last_entered_at,
        coalesce(sum({{ seconds_between('entered_at', 'exited_at') }}), 0) as seconds_in_visits
    from {{ ref(visits) }}
    group by {{ key }}, {{ folded('stage') }}
),

-- The seconds from the first visit to the last, once at a stretch and once visit by visit.
stretches_of_{{ visits }} as (
    select
        '{{ visits }}' as of_table,
        key_id,
        sum(visits) - sum(visits_with_end) as visits_without_end,
        sum(open_visits) as open_visits,
        sum(backward_visits) as backward_visits,
        sum(open_with_end) as open_with_end,
        sum(case when first_number <> 1 or last_number <> visits then 1 else 0 end) as gaps,
        {{ seconds_between('min(first_entered_at)', 'max(last_entered_at)') }}
            as seconds_at_a_stretch,
        sum(seconds_in_visits) as seconds_in_visits
    from stages_of_{{ visits }}
    group by key_id
),

{% endfor -%}
stretches as (
    select * from stretches_of_fct_lead_stages
    union all
    select * from stretches_of_fct_opportunity_stages
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
