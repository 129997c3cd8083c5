{{ config(materialized='view') }}
-- One row per lead record and status field: the value on the record now.
with

records as (
    select * from {{ ref('int_lead_records') }} where row_status = 'used'
),

other_statuses as (
    {{ unioned([
        'stg_hubspot__other_statuses',
    ], ['crm', 'lead_id', 'status_of', 'status', 'last_modified_at'],
    types={'last_modified_at': 'timestamp'}) }}
),

int_lead_current_statuses as (
    select record_id, 'status' as status_of, status, last_modified_at
    from records
    where status is not null

    union all

    select
        records.record_id,
        other_statuses.status_of,
        other_statuses.status,
        other_statuses.last_modified_at
    from other_statuses
    inner join records on other_statuses.lead_id = records.record_id
    where other_statuses.status is not null
)

select * from int_lead_current_statuses
