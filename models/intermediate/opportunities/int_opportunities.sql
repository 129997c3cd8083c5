-- One row per opportunity, closed or open at as_of: the lead it came from, its amount, its closing.
-- Those that closed too long ago to be kept are not there.
with

states as (
    select * from {{ ref('int_opportunity_states') }}
),

links as (
    select * from {{ ref('int_opportunity_links') }} where is_primary
),

last_visits as (
    select * from {{ ref('int_opportunity_visits') }} where is_last
),

furthest as (
    select
        opportunity_id,
        stage,
        row_number() over (
            partition by opportunity_id
            order by stage_order desc nulls last, entered_at desc, position_in_deal desc
        ) as preference
    from {{ ref('int_opportunity_visits') }}
    where not is_closed_stage
),

closings as (
    select
        states.opportunity_id,
        case
            when
                last_visits.is_closed_stage and not last_visits.is_inferred
                then last_visits.entered_at
        end
            as recorded_close_at,
        coalesce(states.stated_close_at, last_visits.entered_at) as stated_close_at,
        coalesce(states.close_date, {{ reporting_day('last_visits.entered_at') }})
            as stated_close_on
    from states
    left join last_visits on states.opportunity_id = last_visits.opportunity_id
    where states.outcome <> 'open'
),

closed as (
    select
        states.crm,
        states.opportunity_id,
        states.company_id,
        states.campaign_id,
        states.owner_id,
        states.lead_source,
        states.created_at,
        states.last_modified_at,
        states.close_date,
        states.next_step,
        states.definition_on,
        states.stage,
        states.outcome,
        links.lead_id,
        links.link_tier,
        amounts.amount as amount_reporting,
        amounts.amount_original,
        amounts.currency as currency_code,
        amounts.currency_rate,
        amounts.currency_rate_on,
        furthest.stage as stage_reached,
        -- The close date of a deal that is closed already may lie ahead: it closed no later than
        -- now.
        coalesce(
            closings.recorded_close_at,
            {{ no_later_than('closings.stated_close_at', as_of()) }}
        ) as closed_at,
        -- A close date is a real date: no time zone moves it.
        coalesce(
            {{ reporting_day('closings.recorded_close_at') }},
            {{ no_later_than('closings.stated_close_on', today()) }}
        ) as closed_on
    from states
    left join links on states.opportunity_id = links.opportunity_id
    left join
        {{ ref('int_opportunity_amounts') }} as amounts
        on states.opportunity_id = amounts.opportunity_id
    left join
        furthest
        on states.opportunity_id = furthest.opportunity_id and furthest.preference = 1
    left join closings on states.opportunity_id = closings.opportunity_id
),

int_opportunities as (
    select * from closed where {{ is_retained('closed_on') }}
)

select * from int_opportunities
