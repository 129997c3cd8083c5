-- One row per day from the first event to as_of.
with

first_days as (
    select min({{ reporting_day('captured_at') }}) as first_day from {{ ref('int_people') }}
    union all
    select min({{ reporting_day('created_at') }}) as first_day from {{ ref('int_opportunities') }}
),

bounds as (
    select coalesce(min(first_day), {{ today() }}) as first_day from first_days
),

days as (
    {{ days_from_to('(select first_day from bounds)', today()) }}
),

dim_dates as (
    select
        date_day,
        {{ first_day_of('week', 'date_day') }} as week_start,
        {{ first_day_of('month', 'date_day') }} as month_start,
        {{ first_day_of('quarter', 'date_day') }} as quarter_start,
        cast(extract(year from date_day) as integer) as year_number
    from days
)

select * from dim_dates
