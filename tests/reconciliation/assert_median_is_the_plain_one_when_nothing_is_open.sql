-- What: where no visit is still open, the Kaplan-Meier median is the plain median of the days; and
--   the visits counted are the visits to open stages.
-- Why: the estimate is there for unfinished visits only; where there are none it changes nothing.
-- Mend: look at the running product and its stretch of one half in the macro spell_lengths.
with

plain as (
    select
        source,
        stage,
        outcome,
        count(*) as visits,
        count(case when is_open then 1 end) as open_visits,
        {{ quantile('days_in_stage', 0.5) }} as median_days
    from {{ ref('fct_opportunity_stages') }}
    where not is_closed_stage
    group by source, stage, outcome
)

select
    plain.*,
    velocity.visits as table_visits,
    velocity.median_days as table_median_days
from plain
full outer join {{ ref('velocity_by_source') }} as velocity
    on
        plain.source = velocity.source
        and plain.stage = velocity.stage
        and plain.outcome = velocity.outcome
where
    {{ is_other_than('plain.visits', 'velocity.visits') }}
    or {{ is_other_than('plain.open_visits', 'velocity.open_visits') }}
    or (plain.open_visits = 0 and abs(plain.median_days - velocity.median_days) > 0.000001)
