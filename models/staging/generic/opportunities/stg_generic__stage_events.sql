-- Grain: one row per row of the raw table stage_events.
{{ config(materialized='table') }}

with source_rows as (
    {{ raw(source('generic', 'stage_events')) }}
),

named as (
    select
        *,
        case
            when {{ folded('object') }} in ('lead', 'leads') then 'lead'
            when {{ folded('object') }} in ('opportunity', 'opportunities', 'deal', 'deals')
                then 'opportunity'
        end as object_kind
    from source_rows
),

judged as (
    {{ row_rules(
        'named', key=['object_kind', 'id', 'stage', 'entered_at'], needs=['id'],
        dated_by='entered_at', ends_by='entered_at'
    ) }}
),

reasoned as (
    select
        *,
        case
            when object_kind is null and coalesce(row_reason, 'after_as_of') = 'after_as_of'
                then coalesce('unknown object ' || object, 'no object')
        end as object_reason
    from judged
),

stg_generic__stage_events as (
    select
        crm,
        {{ raw_key("id || ' ' || coalesce(stage, '') || ' ' || " ~ moment_text("entered_at")) }}
            as event_id,
        object_kind,
        {{ raw_key('id') }} as record_id,
        stage,
        entered_at,
        case when object_reason is null then row_status else 'quarantined' end as row_status,
        coalesce(object_reason, row_reason) as row_reason
    from reasoned
)

select * from stg_generic__stage_events
