{{ config(materialized='view') }}
-- One row per status event of a lead: recorded ones, and at most one inferred for each status field
-- of the record.
with

int_lead_status_events as (
    select
        lead_id, record_id, crm, event_id, event_at, raw_value, stage, is_unmapped,
        is_bulk, false as is_inferred
    from {{ ref('int_lead_recorded_statuses') }}
    where not is_after_as_of

    union all

    select
        lead_id, record_id, crm, event_id, event_at, raw_value, stage, is_unmapped,
        false as is_bulk, true as is_inferred
    from {{ ref('int_lead_inferred_statuses') }}
)

select * from int_lead_status_events
