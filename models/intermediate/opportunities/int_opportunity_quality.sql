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

-- Whose work is work on a deal: its own, its contacts', its lead's. A contact and the lead that it came
-- from are one person.
ties as (
    select 'deal' as tied_by, record_id as tied_id, opportunity_id
    from {{ ref('int_opportunity_ids') }}
    union all
    select 'contact' as tied_by, contact_id as tied_id, opportunity_id from contacts
    union all
    select 'lead' as tied_by, lead_id as tied_id, opportunity_id from contacts
    union all
    select 'lead' as tied_by, lead_id as tied_id, opportunity_id from opportunities
),

-- Both are read once, in order of time: a contact that stands for "nobody" is on thousands of deals and
-- has thousands of activities, too many to pair.
moments as (
    select
        ties.tied_by,
        ties.tied_id,
        opportunities.judged_at as moment,
        ties.opportunity_id,
        cast(null as timestamp) as worked_at
    from ties
    inner join opportunities on ties.opportunity_id = opportunities.opportunity_id
    where ties.tied_id is not null
    {%- for tied_by, column in [('deal', 'what_id'), ('contact', 'who_id'), ('lead', 'lead_id')] %}

    union all

    select
        '{{ tied_by }}' as tied_by,
        {{ column }} as tied_id,
        happened_at as moment,
        cast(null as {{ text_type() }}) as opportunity_id,
        happened_at as worked_at
    from work
    where {{ column }} in (select ties.tied_id from ties where ties.tied_by = '{{ tied_by }}')
    {%- endfor %}
),

last_work as (
    select
        opportunity_id,
        moment as judged_at,
        max(worked_at) over (
            partition by tied_by, tied_id
            order by moment, opportunity_id nulls first
            rows unbounded preceding
        ) as last_worked_at
    from moments
),

recent_work as (
    select distinct opportunity_id
    from last_work
    where
        opportunity_id is not null
        and last_worked_at >= {{ add_days('judged_at', '-' ~ var('active_days')) }}
),

criteria as (
    select
        opportunities.opportunity_id,
        coalesce(opportunities.amount_original > 0, false) as has_amount,
        opportunities.outcome = 'won'
        or coalesce(opportunities.close_date >= opportunities.judged_on, false)
            as has_live_close_date,
        opportunities.next_step is not null
        and not {{ says_nothing('opportunities.next_step') }} as has_next_step,
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
