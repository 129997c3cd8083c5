-- What: amounts by lead, by month opened, by month closed and by source add up to the deals, and
--   spend to the cost of the campaigns and what is listed as spent.
-- Why: money that is counted twice, or lost on the way to a table, makes every cost and value wrong.
-- Mend: pipeline_amount belongs to the one lead whose id the deal carries; a campaign's cost is
--   divided, never multiplied. With a retention set, spend of months before it is in no table.
with

deals as (
    select
        sum(amount) as amount,
        sum(case when outcome = 'won' then amount end) as won_amount,
        sum(case when lead_id is not null then amount end) as lead_amount,
        sum(case when lead_id is not null and outcome = 'won' then amount end) as lead_won_amount,
        sum(case when outcome <> 'open' and closed_month is not null then amount end)
            as closed_amount
    from {{ ref('fct_opportunities') }}
),

leads as (
    select sum(pipeline_amount) as pipeline_amount from {{ ref('fct_leads') }}
),

opened as (
    select sum(amount) as amount, sum(won_amount) as won_amount from {{ ref('pipeline_quality') }}
),

closed as (
    select sum(coalesce(won_amount, 0) + coalesce(lost_amount, 0)) as amount
    from {{ ref('win_rate_by_source') }}
),

captured as (
    select
        sum(pipeline_amount) as pipeline_amount,
        sum(won_amount) as won_amount,
        sum(spend) as spend
    from {{ ref('lead_quality_by_source') }}
),

spent as (
    select sum(cost) as cost
    from (
        select cost from {{ ref('dim_campaigns') }}
        union all
        select amount as cost
        from {{ ref('int_spend_unioned') }}
        where amount > 0 and coalesce(spend_month <= {{ today() }}, true)
    ) as costs
),

roads as (
    {% for road, straight, by_table in [
        ('amount by lead', 'deals.lead_amount', 'leads.pipeline_amount'),
        ('amount by month captured', 'deals.lead_amount', 'captured.pipeline_amount'),
        ('won amount by month captured', 'deals.lead_won_amount', 'captured.won_amount'),
        ('amount by month opened', 'deals.amount', 'opened.amount'),
        ('won amount by month opened', 'deals.won_amount', 'opened.won_amount'),
        ('amount by month closed', 'deals.closed_amount', 'closed.amount'),
        ('spend by month captured', 'spent.cost', 'captured.spend'),
    ] if not (retention_months() and road == 'spend by month captured') -%}
    select
        '{{ road }}' as road,
        coalesce({{ straight }}, 0) as straight,
        coalesce({{ by_table }}, 0) as by_table
    from deals
    cross join leads
    cross join opened
    cross join closed
    cross join captured
    cross join spent
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from roads where abs(straight - by_table) > 0.000000001 * greatest(abs(straight), 1)
