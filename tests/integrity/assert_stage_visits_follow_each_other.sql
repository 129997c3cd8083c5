-- What: a visit is left exactly when the next one begins, durations are never negative, and at most the last is open.
-- Why: velocity counts the days between; a gap or an overlap counts days twice or not at all.
-- Mend: look at the ordering in int_lead_visits or int_opportunity_visits.
with

visits as (
    select lead_id as key_id, stage, visit_number, entered_at, exited_at, days_in_stage, is_open
    from {{ ref('fct_lead_stages') }}
    union all
    select opportunity_id as key_id, stage, visit_number, entered_at, exited_at, days_in_stage, is_open
    from {{ ref('fct_opportunity_stages') }}
)

select *
from visits
where days_in_stage < 0 or exited_at < entered_at or (is_open and exited_at is not null)
