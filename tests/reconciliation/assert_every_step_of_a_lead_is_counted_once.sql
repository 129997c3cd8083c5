-- What: of each source, the leads that arrived are the milestones beyond each lead's first, and the
--   leads that wait are those with a milestone that have not ended.
-- Why: a lead that is lost between two steps, or waits after its end, bends the times of a step.
-- Mend: look at the chain in lead_velocity_by_source.
with

milestones as (
    select
        source,
        cast(created_at is not null as integer)
        + cast(handed_over_at is not null as integer)
        + cast(first_touch_at is not null as integer)
        + cast(accepted_at is not null as integer)
        + cast(first_conversation_at is not null as integer)
        + cast(opportunity_at is not null as integer)
        + cast(coalesce(outcome = 'won' and closed_at is not null, false) as integer) as reached,
        lead_state not in ('won', 'lost')
        and coalesce(sales_decision, 'none') not in ('rejected', 'disqualified') as is_waiting
    from {{ ref('fct_leads') }}
),

expected as (
    select
        source,
        sum(reached - 1) as finished_leads,
        count(case when is_waiting then 1 end) as open_leads
    from milestones
    where reached > 0
    group by source
),

counted as (
    select source, sum(finished_leads) as finished_leads, sum(open_leads) as open_leads
    from {{ ref('lead_velocity_by_source') }}
    group by source
)

select
    coalesce(expected.source, counted.source) as source,
    expected.finished_leads,
    counted.finished_leads as counted_finished_leads,
    expected.open_leads,
    counted.open_leads as counted_open_leads
from expected
full outer join counted on expected.source = counted.source
where
    coalesce(expected.finished_leads, 0) <> coalesce(counted.finished_leads, 0)
    or coalesce(expected.open_leads, 0) <> coalesce(counted.open_leads, 0)
