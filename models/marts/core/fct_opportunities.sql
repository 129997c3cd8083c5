-- One row per opportunity, whether a lead led to it or sales opened it alone.
with

fct_opportunities as (
    select
        opportunities.opportunity_id,
        opportunities.crm,
        opportunities.lead_id,
        cast(opportunities.link_tier as integer) as link_tier,
        sources.source,
        source_names.channel,
        source_names.demand_type,
        source_names.origin,
        opportunities.owner_id,
        opportunities.company_id,
        opportunities.created_at,
        {{ reporting_month('opportunities.created_at') }} as opened_month,
        opportunities.closed_at,
        opportunities.closed_on,
        {{ month_of('opportunities.closed_on') }} as closed_month,
        opportunities.outcome,
        opportunities.stage,
        opportunities.stage_reached,
        cast(opportunities.amount_reporting as double precision) as amount,
        cast(opportunities.amount_original as double precision) as amount_original,
        opportunities.currency_code as currency,
        cast(opportunities.currency_rate as double precision) as currency_rate,
        opportunities.currency_rate_on,
        quality.has_amount,
        quality.has_live_close_date,
        quality.has_next_step,
        quality.has_recent_activity,
        quality.has_decision_maker,
        quality.has_multiple_contacts,
        cast(quality.quality_criteria_met as integer) as quality_criteria_met,
        quality.quality_criteria_met
        >= {{ var('strong_pipeline_min_criteria') }} as is_strong_pipeline,
        cast(quality.contact_count as integer) as contact_count,
        cast(case
            when cast(opportunities.closed_at as date) >= cast(opportunities.created_at as date)
                then
                    greatest(0, {{
                        seconds_between('opportunities.created_at', 'opportunities.closed_at')
                    }}) / 86400.0
        end as double precision) as days_to_close
    from {{ ref('int_opportunities') }} as opportunities
    inner join {{ ref('int_opportunity_quality') }} as quality
        on opportunities.opportunity_id = quality.opportunity_id
    inner join {{ ref('int_opportunity_sources') }} as sources
        on opportunities.opportunity_id = sources.opportunity_id
    inner join {{ ref('int_sources') }} as source_names on sources.source = source_names.source
)

select * from fct_opportunities
