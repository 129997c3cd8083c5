-- One row per CRM that was found: how far its records reach, and whether a loader seems to have stopped.
with

times as (
    select crm, {{ latest_of(['created_at', 'last_modified_at', 'synced_at']) }} as known_at
    from {{ ref('int_leads_unioned') }}
    union all
    select crm, {{ latest_of(['created_at', 'last_modified_at', 'synced_at']) }} as known_at
    from {{ ref('int_opportunities_unioned') }}
    union all
    select crm, changed_at as known_at from {{ ref('int_lead_changes_unioned') }}
    union all
    select crm, changed_at as known_at from {{ ref('int_opportunity_changes_unioned') }}
    union all
    select crm, created_at as known_at from {{ ref('int_tasks_unioned') }}
),

-- A past month that is built again is not stale: records of the days after it are there. A time far
-- after it may be a slip of the pen, and proves nothing.
newest as (
    select
        crm,
        max(case when known_at <= {{ as_of() }} then known_at end) as data_through,
        max(known_at) as newest_at
    from times
    where known_at <= {{ add_days(as_of(), var('stale_after_days')) }}
    group by crm
),

crms as (
    select distinct crm from {{ ref('row_accounting') }}
),

crm_freshness as (
    select
        crms.crm,
        newest.data_through,
        {{ seconds_between('newest.data_through', as_of()) }} / 3600 as hours_behind,
        {{ seconds_between('newest.newest_at', as_of()) }} > {{ var('stale_after_days') }} * 86400.0
            as is_stale
    from crms
    left join newest on crms.crm = newest.crm
)

select * from crm_freshness
