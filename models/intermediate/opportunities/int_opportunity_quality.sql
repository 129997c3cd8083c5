-- One row per opportunity: the six quality criteria, judged at as_of while open and at the closing
-- when closed.
with

opportunities as (
    select
        *,
        case when outcome = 'open' then {{ as_of() }} else closed_at end as judged_at,
        case when outcome = 'open' then {{ today() }} else closed_on end as judged_on
    from {{ ref('int_opportunities') }}
),

contacts as (
    select * from {{ ref('int_opportunity_contacts') }}
),

work as (
    select * from {{ ref('int_activities') }} where is_work
),

contact_counts as (
    select
        opportunity_id,
        count(distinct person_id) as contact_count,
        {{ dbt.bool_or("is_decision_maker") }} as has_decision_maker
    from contacts
    group by opportunity_id
),

-- Each branch is one join of two tables, the window comes after: a planner that knows nothing of what
-- a CTE holds (PostgreSQL) would otherwise begin with every opportunity beside every activity.
related_work as (
    select opportunity_ids.opportunity_id, work.happened_at
    from {{ ref('int_opportunity_ids') }} as opportunity_ids
    inner join work on opportunity_ids.record_id = work.what_id
    union all
    select contacts.opportunity_id, work.happened_at
    from contacts
    inner join work on contacts.contact_id = work.who_id
    union all
    -- A contact and the lead that it came from are one person.
    select contacts.opportunity_id, work.happened_at
    from contacts
    inner join work on contacts.lead_id = work.lead_id
    union all
    select opportunities.opportunity_id, work.happened_at
    from opportunities
    inner join work on opportunities.lead_id = work.lead_id
),

recent_work as (
    select distinct opportunities.opportunity_id
    from related_work
    inner join opportunities on related_work.opportunity_id = opportunities.opportunity_id
    where
        related_work.happened_at <= opportunities.judged_at
        and related_work.happened_at
        >= {{ add_days('opportunities.judged_at', '-' ~ var('active_days')) }}
),

criteria as (
    select
        opportunities.opportunity_id,
        coalesce(opportunities.amount_original > 0, false) as has_amount,
        opportunities.outcome = 'won'
        or coalesce(opportunities.close_date >= opportunities.judged_on, false)
            as has_live_close_date,
        opportunities.next_step is not null as has_next_step,
        recent_work.opportunity_id is not null as has_recent_activity,
        coalesce(contact_counts.has_decision_maker, false) as has_decision_maker,
        coalesce(contact_counts.contact_count, 0) >= 2 as has_multiple_contacts,
        coalesce(contact_counts.contact_count, 0) as contact_count
    from opportunities
    left join recent_work on opportunities.opportunity_id = recent_work.opportunity_id
    left join contact_counts on opportunities.opportunity_id = contact_counts.opportunity_id
),

int_opportunity_quality as (
    select
        *,
        cast(has_amount as integer)
        + cast(has_live_close_date as integer)
        + cast(has_next_step as integer)
        + cast(has_recent_activity as integer) + cast(has_decision_maker as integer)
        + cast(has_multiple_contacts as integer) as quality_criteria_met
    from criteria
)

select * from int_opportunity_quality
