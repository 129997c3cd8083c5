-- One row per month of handover and owner.
with

leads as (
    select
        *,
        {{ reporting_month('handed_over_at') }} as handed_over_month,
        coalesce(owner_id, 'unassigned') as owner_key
    from {{ ref('fct_leads') }}
    where handed_over_at is not null
),

follow_up_by_owner as (
    select
        handed_over_month,
        owner_key as owner_id,
        cast(count(*) as integer) as handed_over_leads,
        cast(count(case when is_follow_up_due then 1 end) as integer) as due_leads,
        cast(count(first_touch_at) as integer) as touched_leads,
        cast(count(case when is_follow_up_completed then 1 end) as integer) as followed_up_leads,
        cast(count(case when lead_state = 'ignored' then 1 end) as integer) as ignored_leads,
        {{ quantile('hours_to_first_touch', 0.5) }} as median_hours_to_first_touch,
        {{ quantile('business_hours_to_first_touch', 0.5) }}
            as median_business_hours_to_first_touch,
        {{ follow_up_grade(
            'count(case when is_follow_up_due then 1 end)',
            'count(case when is_follow_up_due and is_before_activities then 1 end)'
        ) }} as follow_up_grade
    from leads
    group by handed_over_month, owner_key
)

select * from follow_up_by_owner
