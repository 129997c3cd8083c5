-- One row per CRM, kind of record and month of its creation: a hole is a sync that stopped or skipped.
with

-- An activity has a row for each person and deal it is with.
activities as (
    select distinct crm, activity_id, happened_at
    from {{ ref('int_activities') }}
    where happened_at is not null
),

records as (
    select crm, 'lead' as record_kind, created_at
    from {{ ref('int_leads_unioned') }}
    where row_status in ('used', 'merged')
    union all
    select crm, 'opportunity' as record_kind, created_at
    from {{ ref('int_opportunities_unioned') }}
    where row_status in ('used', 'merged')
    union all
    select crm, 'activity' as record_kind, happened_at as created_at
    from activities
),

row_profile as (
    select
        crm,
        record_kind,
        {{ reporting_month('created_at') }} as created_month,
        cast(count(*) as integer) as {{ adapter.quote('rows') }}
    from records
    where {{ is_retained(reporting_day('created_at')) }}
    group by crm, record_kind, {{ reporting_month('created_at') }}
)

select * from row_profile
