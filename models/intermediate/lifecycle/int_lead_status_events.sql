-- One row per status event of a lead: recorded ones from history, and at most one inferred for the
-- status on the record.
with

records as (
    select records.*, people.definition_on
    from {{ ref('int_lead_records') }} as records
    inner join {{ ref('int_people') }} as people on records.lead_id = people.lead_id
    where not records.is_merged_away
),

statuses as (
    select * from {{ ref('lead_statuses') }}
),

recorded as (
    select
        records.lead_id,
        records.record_id,
        records.crm,
        history.history_id as event_id,
        history.created_at as event_at,
        history.row_status = 'excluded' as is_after_as_of,
        history.new_value as raw_value,
        coalesce(statuses.stage, 'captured') as stage,
        statuses.stage is null as is_unmapped
    from {{ ref('stg_salesforce__lead_history') }} as history
    inner join records on history.lead_id = records.record_id
    left join statuses
        on
            {{ folded('history.new_value') }} = {{ folded('statuses.raw_value') }}
            and {{ in_force('statuses', 'records.definition_on') }}
    where
        (history.row_status = 'used' or history.row_reason = 'after_as_of')
        and {{ folded('history.field') }} = 'status'
        and history.new_value is not null
),

last_recorded as (
    select
        record_id,
        raw_value,
        is_after_as_of,
        row_number() over (
            partition by record_id
            order by event_at desc, {{ lead_stage_order('stage') }} desc, event_id desc
        ) as newness
    from recorded
),

-- Converted after as_of: the status of today says nothing of then.
later_conversions as (
    select distinct lead_id as record_id
    from {{ ref('stg_salesforce__lead_history') }}
    where row_reason = 'after_as_of' and {{ folded('field') }} = 'leadconverted'
),

inferred as (
    select
        records.lead_id,
        records.record_id,
        records.crm,
        records.record_id as event_id,
        case
            when statuses.stage = 'opportunity' and records.converted_at is not null
                then greatest(records.converted_at, records.created_at)
            else coalesce(records.last_modified_at, records.created_at)
        end as event_at,
        false as is_after_as_of,
        records.status as raw_value,
        coalesce(statuses.stage, 'captured') as stage,
        statuses.stage is null as is_unmapped
    from records
    left join
        last_recorded
        on records.record_id = last_recorded.record_id and last_recorded.newness = 1
    left join later_conversions on records.record_id = later_conversions.record_id
    left join statuses
        on
            {{ folded('records.status') }} = {{ folded('statuses.raw_value') }}
            and {{ in_force('statuses', 'records.definition_on') }}
    where
        records.row_status = 'used'
        and records.status is not null
        and not coalesce(last_recorded.is_after_as_of, false)
        and not (
            coalesce(statuses.stage, 'captured') = 'opportunity'
            and (not records.is_conversion_known or later_conversions.record_id is not null)
        )
        and {{ folded('records.status') }} <> {{ folded("coalesce(last_recorded.raw_value, '')") }}
        and (
            last_recorded.record_id is not null
            or coalesce(statuses.stage, 'captured') <> 'captured'
        )
),

int_lead_status_events as (
    select *, false as is_inferred from recorded where not is_after_as_of
    union all
    select *, true as is_inferred from inferred where event_at <= {{ as_of() }}
)

select * from int_lead_status_events
