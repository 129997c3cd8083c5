-- One row per month of closing and source, over all opportunities.
with

closed as (
    select
        closed_month,
        source,
        count(case when outcome = 'won' then 1 end) as won,
        count(case when outcome = 'lost' then 1 end) as lost,
        count(case when outcome = 'won' and lead_id is not null then 1 end) as linked_won,
        count(case when outcome = 'lost' and lead_id is not null then 1 end) as linked_lost,
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
        cast(linked_won as integer) as linked_won,
        cast(linked_lost as integer) as linked_lost,
        won_amount,
        lost_amount,
        {{ rate_with_interval('win_rate', 'won', '(won + lost)') }},
        {{ rate_with_interval('linked_win_rate', 'linked_won', '(linked_won + linked_lost)') }},
        {{ rate(
            'coalesce(won_amount, 0)', '(coalesce(won_amount, 0) + coalesce(lost_amount, 0))'
        ) }} as value_win_rate
    from closed
)

select * from win_rate_by_source
