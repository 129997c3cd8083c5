-- One row per CRM with leads: since when its activities are known (null: there are none), and whether
-- leads were handed over in months before.
with

people as (
    select lead_id, crm from {{ ref('int_people') }}
),

activities as (
    select
        coalesce(people.crm, activities.crm) as crm,
        min(activities.happened_at) as first_activity_at
    from {{ ref('int_activities') }} as activities
    left join people on activities.lead_id = people.lead_id
    where activities.happened_at is not null
    group by coalesce(people.crm, activities.crm)
),

handovers as (
    select people.crm, min(milestones.handed_over_at) as first_handover_at
    from people
    inner join {{ ref('int_lead_milestones') }} as milestones
        on people.lead_id = milestones.lead_id
    group by people.crm
),

int_activity_cliffs as (
    select
        handovers.crm,
        activities.first_activity_at,
        coalesce(
            {{ reporting_month('handovers.first_handover_at') }}
            < {{ reporting_month('activities.first_activity_at') }},
            true
        ) as has_months_before
    from handovers
    left join activities on handovers.crm = activities.crm
)

select * from int_activity_cliffs
