-- What: amounts by lead, by month opened, by month closed and by source add up to the deals, and spend to the cost of the campaigns.
-- Why: money that is counted twice, or lost on the way to a table, makes every cost and every value wrong.
-- Mend: pipeline_amount belongs to the one lead whose id the deal carries; a campaign's cost is divided, never multiplied.
with

deals as (
    select
        sum(amount) as amount,
        sum(case when outcome = 'won' then amount end) as won_amount,
        sum(case when lead_id is not null then amount end) as lead_amount,
        sum(case when lead_id is not null and outcome = 'won' then amount end) as lead_won_amount,
        sum(case when outcome <> 'open' and closed_month is not null then amount end) as closed_amount
    from {{ ref('fct_opportunities') }}
),

roads as (
    select 'amount by month opened' as road, deals.amount as straight, (select sum(amount) from {{ ref('pipeline_quality') }}) as by_table
    from deals
    union all
    select 'won amount by month opened', deals.won_amount, (select sum(won_amount) from {{ ref('pipeline_quality') }}) from deals
    union all
    select 'amount by lead', deals.lead_amount, (select sum(pipeline_amount) from {{ ref('fct_leads') }}) from deals
    union all
    select 'amount by month captured', deals.lead_amount, (select sum(pipeline_amount) from {{ ref('lead_quality_by_source') }}) from deals
    union all
    select 'won amount by month captured', deals.lead_won_amount, (select sum(won_amount) from {{ ref('lead_quality_by_source') }}) from deals
    union all
    select
        'amount by month closed',
        deals.closed_amount,
        (select sum(coalesce(won_amount, 0) + coalesce(lost_amount, 0)) from {{ ref('win_rate_by_source') }})
    from deals
    union all
    select
        'spend by month captured',
        (select sum(cost) from {{ ref('dim_campaigns') }}),
        (select sum(spend) from {{ ref('lead_quality_by_source') }})
    from deals
)

select *
from roads
where abs(coalesce(straight, 0) - coalesce(by_table, 0)) > 0.000001 * greatest(abs(coalesce(straight, 0)), 1)
