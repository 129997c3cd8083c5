-- One row per CRM with leads: since when its activities are known (null: there are none), and whether
-- leads were handed over in months before.
with

people as (
    select lead_id, crm from {{ ref('int_people') }}
),

-- Of two CRMs, one may keep the activities of the other's leads: each is known from then on.
happened as (
    select crm, happened_at from {{ ref('int_activities') }}
    union all
    select people.crm, activities.happened_at
    from {{ ref('int_activities') }} as activities
    inner join people on activities.lead_id = people.lead_id
),

activities as (
    select crm, min(happened_at) as first_activity_at
    from happened
    where happened_at is not null
    group by crm
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
