-- What: capture, handover and acceptance of a lead are the beginnings of its first visits to these
--   stages (not before its capture).
-- Why: fct_leads and fct_lead_stages take the same times on two roads; a funnel must not differ
--   from a velocity table.
-- Mend: compare the recorded and inferred events in int_lead_milestones with int_lead_visits.
with

first_visits as (
    select
        lead_id,
        min(case when stage = 'captured' then entered_at end) as captured_at,
        min(case when stage = 'handed_over' then entered_at end) as handed_over_at,
        min(case when stage = 'accepted' then entered_at end) as accepted_at
    from {{ ref('fct_lead_stages') }}
    group by lead_id
),

milestones as (
    select
        lead_id,
        created_at as captured_at,
        case when handed_over_at < created_at then created_at else handed_over_at end
            as handed_over_at,
        case when accepted_at < created_at then created_at else accepted_at end as accepted_at
    from {{ ref('fct_leads') }}
)

select
    milestones.*,
    first_visits.captured_at as first_captured_at,
    first_visits.handed_over_at as first_handed_over_at,
    first_visits.accepted_at as first_accepted_at
from milestones
inner join first_visits on milestones.lead_id = first_visits.lead_id
where
    {{ is_other_than('milestones.captured_at', 'first_visits.captured_at') }}
    or {{ is_other_than('milestones.handed_over_at', 'first_visits.handed_over_at') }}
    or {{ is_other_than('milestones.accepted_at', 'first_visits.accepted_at') }}
