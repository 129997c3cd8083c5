-- One row per month of handover and owner.
{%- set clocks = ['hours_to_first_touch', 'business_hours_to_first_touch'] %}
with

leads as (
    select
        *,
        {{ reporting_month('handed_over_at') }} as handed_over_month,
        coalesce(owner_id, 'unassigned') as owner_key
    from {{ ref('fct_leads') }}
    where handed_over_at is not null
),

-- A wait that ended, by either clock: its unit is the hour, whatever the macro calls it.
waits as (
    {% for clock in clocks -%}
    select
        handed_over_month, owner_key, '{{ clock }}' as clock, {{ clock }} as days, false as is_open
    from leads
    where {{ clock }} is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

lengths as (
    {{ spell_lengths('waits', ['handed_over_month', 'owner_key', 'clock']) }}
),

counted as (
    select
        handed_over_month,
        owner_key,
        cast(count(*) as integer) as handed_over_leads,
        cast(count(case when is_follow_up_due then 1 end) as integer) as due_leads,
        cast(count(first_touch_at) as integer) as touched_leads,
        cast(count(case when is_follow_up_completed then 1 end) as integer) as followed_up_leads,
        cast(count(case when lead_state = 'ignored' then 1 end) as integer) as ignored_leads,
        {{ follow_up_grade(
            'count(case when is_follow_up_due then 1 end)',
            'count(case when is_follow_up_due and is_before_activities then 1 end)'
        ) }} as follow_up_grade
    from leads
    group by handed_over_month, owner_key
),

follow_up_by_owner as (
    select
        counted.handed_over_month,
        counted.owner_key as owner_id,
        counted.handed_over_leads,
        counted.due_leads,
        counted.touched_leads,
        counted.followed_up_leads,
        counted.ignored_leads,
        {%- for clock in clocks %}
        {{ clock }}.median_days as median_{{ clock }},
        {{ clock }}.median_days_low as median_{{ clock }}_low,
        {{ clock }}.median_days_high as median_{{ clock }}_high,
        coalesce({{ clock }}.median_days_is_small_sample, true)
            as median_{{ clock }}_is_small_sample,
        {%- endfor %}
        counted.follow_up_grade
    from counted
    {% for clock in clocks -%}
    left join lengths as {{ clock }}
        on
            counted.handed_over_month = {{ clock }}.handed_over_month
            and counted.owner_key = {{ clock }}.owner_key
            and {{ clock }}.clock = '{{ clock }}'
    {% endfor %}
)

select * from follow_up_by_owner
