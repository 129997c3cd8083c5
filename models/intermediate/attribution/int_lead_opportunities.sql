-- One row per lead with opportunities: the earliest, the outcome over all, strength, and the
-- amounts that carry its id.
with

linked as (
    select
        links.lead_id,
        links.is_primary,
        opportunities.opportunity_id,
        opportunities.created_at,
        opportunities.outcome,
        opportunities.closed_at,
        opportunities.amount_reporting as amount,
        quality.quality_criteria_met
        >= {{ var('strong_pipeline_min_criteria') }} as is_strong_pipeline,
        row_number() over (
            partition by links.lead_id
            order by opportunities.created_at nulls last, opportunities.opportunity_id
        ) as position_of_lead
    from {{ ref('int_opportunity_links') }} as links
    inner join {{ ref('int_opportunities') }} as opportunities
        on links.opportunity_id = opportunities.opportunity_id
    inner join {{ ref('int_opportunity_quality') }} as quality
        on links.opportunity_id = quality.opportunity_id
),

summed as (
    select
        lead_id,
        count(*) as opportunity_count,
        min(created_at) as opportunity_at,
        max(created_at) as last_opportunity_at,
        max(case when position_of_lead = 1 then opportunity_id end) as opportunity_id,
        {{ dbt.bool_or("outcome = 'won'") }} as has_won,
        {{ dbt.bool_or("outcome = 'open'") }} as has_open,
        {{ dbt.bool_or("is_strong_pipeline") }} as is_strong_pipeline,
        min(case when outcome = 'won' then closed_at end) as first_won_at,
        max(case when outcome = 'lost' then closed_at end) as last_lost_at,
        sum(case when is_primary then amount end) as pipeline_amount,
        sum(case when is_primary and outcome = 'won' then amount end) as won_amount
    from linked
    group by lead_id
),

int_lead_opportunities as (
    select
        *,
        case when has_won then 'won' when has_open then 'open' else 'lost' end as outcome,
        case when has_won then first_won_at when not has_open then last_lost_at end as closed_at
    from summed
)

select * from int_lead_opportunities
