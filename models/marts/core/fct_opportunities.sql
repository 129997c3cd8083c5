-- One row per opportunity, whether a lead led to it or sales opened it alone.
with

opportunities as (
    select
        *,
        case
            when closed_on >= {{ reporting_day('created_at') }}
                then {{ latest_of(['0', seconds_between('created_at', 'closed_at')]) }} / 86400.0
        end as days_to_close
    from {{ ref('int_opportunities') }}
),

-- Nine in ten deals of that age have closed.
maturity as (
    select {{ quantile('days_to_close', 0.9) }} as days_until_mature from opportunities
),

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
        leads.campaign,
        leads.offer,
        opportunities.owner_id,
        opportunities.company_id,
        coalesce({{ stated('companies.industry') }}, leads.industry) as industry,
        coalesce(companies.country_code, leads.country_code) as country_code,
        coalesce({{ company_size('companies.employees') }}, leads.company_size) as company_size,
        leads.accepted_at is not null as is_sales_qualified,
        opportunities.created_at,
        {{ reporting_day('opportunities.created_at') }} as opened_on,
        {{ reporting_month('opportunities.created_at') }} as opened_month,
        opportunities.closed_at,
        opportunities.closed_on,
        {{ month_of('opportunities.closed_on') }} as closed_month,
        opportunities.outcome,
        opportunities.stage,
        opportunities.stage_reached,
        cast(opportunities.amount_reporting as {{ double_type() }}) as amount,
        cast(opportunities.amount_original as {{ double_type() }}) as amount_original,
        opportunities.currency_code as currency,
        cast(opportunities.currency_rate as {{ double_type() }}) as currency_rate,
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
        cast(opportunities.days_to_close as {{ double_type() }}) as days_to_close,
        coalesce(
            {{ seconds_between('opportunities.created_at', as_of()) }} / 86400.0
            >= maturity.days_until_mature,
            false
        ) as is_mature
    from opportunities
    cross join maturity
    inner join {{ ref('int_opportunity_quality') }} as quality
        on opportunities.opportunity_id = quality.opportunity_id
    inner join {{ ref('int_opportunity_sources') }} as sources
        on opportunities.opportunity_id = sources.opportunity_id
    inner join {{ ref('int_sources') }} as source_names
        on
            sources.source = source_names.source
            and sources.definition_on = source_names.definition_on
    left join {{ ref('fct_leads') }} as leads on opportunities.lead_id = leads.lead_id
    left join {{ ref('dim_companies') }} as companies
        on opportunities.company_id = companies.company_id
)

select * from fct_opportunities
