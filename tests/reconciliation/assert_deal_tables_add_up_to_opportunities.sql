-- What: the opportunity tables by source add up to fct_opportunities.
-- Why: a deal without a month, a stage or a source must still be counted.
-- Mend: look for an inner join or a filter in models/marts/scorecard.
with

counts as (
    select
        (select count(*) from {{ ref('fct_opportunities') }}) as opportunities,
        (
            select count(*) from {{ ref('fct_opportunities') }}
            where outcome <> 'open' and closed_month is not null
        ) as closed,
        (select coalesce(sum(opportunities), 0) from {{ ref('pipeline_quality') }}) as opened_by_source,
        (select coalesce(sum(opportunities), 0) from {{ ref('stage_reached_by_source') }}) as reached_by_source,
        (select coalesce(sum(won + lost), 0) from {{ ref('win_rate_by_source') }}) as closed_by_source
)

select *
from counts
where
    opportunities <> opened_by_source
    or opportunities <> reached_by_source
    or closed <> closed_by_source
