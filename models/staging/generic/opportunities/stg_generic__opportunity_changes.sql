-- Grain: one row per recorded stage of a deal, those after as_of among them.
with

stg_generic__opportunity_changes as (
    select
        crm,
        record_id as opportunity_id,
        event_id as change_id,
        stage,
        {{ folded('stage') }} as stage_key,
        entered_at as changed_at,
        1 as precedence
    from {{ ref('stg_generic__stage_events') }}
    where object_kind = 'opportunity' and (row_status = 'used' or row_reason = 'after_as_of')
)

select * from stg_generic__opportunity_changes
