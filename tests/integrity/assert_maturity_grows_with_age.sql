-- What: no mature deal was opened after one that is not mature, and none is mature where no deal
--   has closed.
-- Why: a cohort win rate is read where deals had the time to close; a young deal among the mature
--   ones makes a month look bad.
-- Mend: look at days_until_mature in fct_opportunities.
with

bounds as (
    select
        max(case when is_mature then created_at end) as last_mature_at,
        min(case when not is_mature then created_at end) as first_young_at,
        count(case when is_mature then 1 end) as mature_deals,
        count(days_to_close) as closed_deals
    from {{ ref('fct_opportunities') }}
)

select * from bounds
where last_mature_at > first_young_at or (mature_deals > 0 and closed_deals = 0)
