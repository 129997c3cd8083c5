-- What: a visit is left exactly when the next one begins: durations are never negative, all but the
--   last visit have an end, the stretches add up to the time from the first visit to the last, at
--   most one is open, and visits to a stage are numbered without a gap.
-- Why: velocity counts the days between; a gap or an overlap counts days twice or not at all.
-- Mend: look at the ordering in int_lead_visits or int_opportunity_visits.
with

visits as (
    select
        'lead ' || lead_id as key_id,
        {{ folded('stage') }} as stage_key,
        visit_number,
        entered_at,
        exited_at,
        days_in_stage,
        is_open
    from {{ ref('fct_lead_stages') }}
    union all
    select
        'opportunity ' || opportunity_id as key_id,
        {{ folded('stage') }} as stage_key,
        visit_number,
        entered_at,
        exited_at,
        days_in_stage,
        is_open
    from {{ ref('fct_opportunity_stages') }}
),

-- The seconds from the first visit to the last, once at a stretch and once visit by visit.
stretches as (
    select
        key_id,
        count(*) - count(exited_at) as visits_without_end,
        count(case when is_open then 1 end) as open_visits,
        count(case when days_in_stage < 0 or exited_at < entered_at then 1 end) as backward_visits,
        count(case when is_open and exited_at is not null then 1 end) as open_with_end,
        {{ seconds_between('min(entered_at)', 'max(entered_at)') }} as seconds_at_a_stretch,
        coalesce(sum({{ seconds_between('entered_at', 'exited_at') }}), 0) as seconds_in_visits
    from visits
    group by key_id
),

numberings as (
    select
        key_id,
        stage_key,
        count(*) as visits,
        count(distinct visit_number) as numbers,
        min(visit_number) as first_number,
        max(visit_number) as last_number
    from visits
    group by key_id, stage_key
),

gaps as (
    select distinct key_id
    from numberings
    where first_number <> 1 or last_number <> visits or numbers <> visits
)

select stretches.*, gaps.key_id is not null as has_gap_in_numbers
from stretches
left join gaps on stretches.key_id = gaps.key_id
where
    stretches.visits_without_end <> 1
    or stretches.open_visits > 1
    or stretches.backward_visits > 0
    or stretches.open_with_end > 0
    or abs(stretches.seconds_at_a_stretch - stretches.seconds_in_visits) > 0.001
    or gaps.key_id is not null
