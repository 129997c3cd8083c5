-- One row per lead that was converted: the first conversion over all its records.
with

records as (
    select * from {{ ref('int_lead_records') }} where lead_id is not null and not is_merged_away
),

events as (
    select record_id, is_inferred, min(event_at) as event_at
    from {{ ref('int_lead_status_events') }}
    where stage = 'opportunity'
    group by record_id, is_inferred
),

conversion_rows as (
    select record_id, converted_at as event_at
    from {{ ref('int_conversion_rows') }}
    where converted_at <= {{ as_of() }}
),

-- History knows best; else the record's own time; else the inferred event; else it was by the last
-- change.
conversions as (
    select
        records.lead_id,
        coalesce(
            {{ earliest_of(['recorded.event_at', 'conversion_rows.event_at']) }},
            case
                when records.is_converted and records.converted_at is not null
                    then {{ latest_of(['records.converted_at', 'records.created_at']) }}
            end,
            inferred.event_at,
            case
                when records.is_converted and records.last_modified_at <= {{ as_of() }}
                    then records.last_modified_at
            end
        ) as converted_at
    from records
    left join
        events as recorded
        on records.record_id = recorded.record_id and not recorded.is_inferred
    left join events as inferred on records.record_id = inferred.record_id and inferred.is_inferred
    left join conversion_rows on records.record_id = conversion_rows.record_id
),

int_lead_conversions as (
    select lead_id, min(converted_at) as converted_at
    from conversions
    where converted_at is not null
    group by lead_id
)

select * from int_lead_conversions
