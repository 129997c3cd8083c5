{{ config(materialized='view') }}
-- One row per lead record and status field: the value on the record now.
with

int_lead_current_statuses as (
    select record_id, 'status' as status_of, status, last_modified_at
    from {{ ref('int_lead_records') }}
    where row_status = 'used' and status is not null
)

select * from int_lead_current_statuses
