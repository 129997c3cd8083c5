-- One row per month opened and source.
with

counts as (
    select
        opened_month,
        source,
        cast(count(*) as integer) as opportunities,
        cast(count(case when is_strong_pipeline then 1 end) as integer) as strong_opportunities,
        cast(count(case when outcome = 'open' then 1 end) as integer) as open_opportunities,
        cast(count(case when outcome = 'open' and contact_count > 0 then 1 end) as integer)
            as open_with_contact,
        cast(count(case when outcome = 'won' then 1 end) as integer) as won,
        cast(count(case when outcome = 'lost' then 1 end) as integer) as lost,
        sum(amount) as amount,
        sum(case when is_strong_pipeline then amount end) as strong_amount,
        sum(case when outcome = 'open' then amount end) as open_amount,
        sum(case when outcome = 'won' then amount end) as won_amount
    from {{ ref('fct_opportunities') }}
    group by opened_month, source
),

pipeline_quality as (
    select
        *,
        {{ rate_with_interval(
            'opportunity_quality_rate', 'strong_opportunities', 'opportunities'
        ) }},
        {{ rate_with_interval('contact_coverage_rate', 'open_with_contact', 'open_opportunities') }}
    from counts
)

select * from pipeline_quality
