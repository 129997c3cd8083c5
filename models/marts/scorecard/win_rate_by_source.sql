-- One row per month of closing and source, over all opportunities.
with

closed as (
    select
        closed_month,
        source,
        count(case when outcome = 'won' then 1 end) as won,
        count(case when outcome = 'lost' then 1 end) as lost,
        sum(case when outcome = 'won' then amount end) as won_amount,
        sum(case when outcome = 'lost' then amount end) as lost_amount
    from {{ ref('fct_opportunities') }}
    where outcome <> 'open' and closed_month is not null
    group by closed_month, source
),

win_rate_by_source as (
    select
        closed_month,
        source,
        cast(won as integer) as won,
        cast(lost as integer) as lost,
        won_amount,
        lost_amount,
        {{ rate('won', '(won + lost)') }} as win_rate,
        {{ rate(
            'coalesce(won_amount, 0)', '(coalesce(won_amount, 0) + coalesce(lost_amount, 0))'
        ) }} as value_win_rate
    from closed
)

select * from win_rate_by_source
