-- One row per time zone and day: when work begins and ends there (UTC; at once on a day off), and the
-- working seconds of all days before.
with

zones as (
    select time_zone from {{ ref('int_owner_zones') }}
    {{ distinct_union() }}
    select '{{ var("reporting_timezone") }}' as time_zone
),

bounds as (
    select {{ add_days('coalesce(min(handed_over_at), ' ~ as_of() ~ ')', '-2') }} as first_at
    from {{ ref('int_lead_milestones') }}
),

days as (
    {{ days_from_to(
        '(select cast(first_at as date) from bounds)', 'cast(' ~ add_days(as_of(), '2') ~ ' as date)'
    ) }}
),

working_hours as (
    select
        zones.time_zone,
        days.date_day,
        {{ iso_weekday('days.date_day') }} <= 5
        and days.date_day not in (select holidays.holiday_on from {{ ref('holidays') }} as holidays)
            as is_working_day,
        {{ utc_time(
            add_hours('cast(days.date_day as timestamp)', var('business_day_starts')), 'zones.time_zone'
        ) }} as opens_at,
        {{ utc_time(
            add_hours('cast(days.date_day as timestamp)', var('business_day_ends')), 'zones.time_zone'
        ) }} as closes_at
    from zones
    cross join days
),

measured as (
    select
        time_zone,
        date_day,
        opens_at,
        case when is_working_day then closes_at else opens_at end as closes_at
    from working_hours
),

int_business_days as (
    select
        *,
        coalesce(
            sum({{ seconds_between('opens_at', 'closes_at') }}) over (
                partition by time_zone
                order by date_day
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as seconds_before
    from measured
)

select * from int_business_days
