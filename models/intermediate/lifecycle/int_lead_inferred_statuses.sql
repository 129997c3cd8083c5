-- One row per status of a lead that no change on record tells: at most one for each status field of
-- the record.
{%- set recorded = ref('int_lead_recorded_statuses') %}
with

records as (
    select records.*, people.definition_on
    from {{ ref('int_lead_records') }} as records
    inner join {{ ref('int_people') }} as people on records.lead_id = people.lead_id
    where not records.is_merged_away
),

last_recorded as (
    select
        record_id,
        status_of,
        raw_value,
        is_after_as_of,
        rank() over (
            partition by record_id, status_of, is_of_merged
            order by event_at desc, {{ lead_stage_order('stage') }} desc
        ) as newness
    from {{ recorded }}
    where is_history
),

-- Any of several values in the last second may be the current one, or a merged record's last.
compared as (
    select
        current_statuses.record_id,
        current_statuses.status_of,
        {{ dbt.bool_or("last_recorded.is_after_as_of") }} as is_after_as_of,
        {{ dbt.bool_or(
            folded('last_recorded.raw_value') ~ ' = ' ~ folded('current_statuses.status')
        ) }} as is_told
    from {{ ref('int_lead_current_statuses') }} as current_statuses
    inner join last_recorded
        on
            current_statuses.record_id = last_recorded.record_id
            and current_statuses.status_of = last_recorded.status_of
            and last_recorded.newness = 1
    group by current_statuses.record_id, current_statuses.status_of
),

-- Stages that a date on the record tells.
dated as (
    select *, replace({{ words('raw_value') }}, ' ', '') as value_key
    from {{ recorded }}
    where not is_history
),

told as (
    select distinct current_statuses.record_id, current_statuses.status_of
    from {{ ref('int_lead_current_statuses') }} as current_statuses
    inner join records on current_statuses.record_id = records.record_id
    inner join dated on current_statuses.record_id = dated.record_id
    left join {{ ref('lead_statuses') }} as statuses
        on
            {{ folded('current_statuses.status') }} = {{ folded('statuses.raw_value') }}
            and {{ in_force('statuses', 'records.definition_on') }}
    where
        dated.status_of in ('dates', current_statuses.status_of)
        and (
            statuses.stage = dated.stage and dated.status_of = 'dates'
            or replace({{ words('current_statuses.status') }}, ' ', '') = dated.value_key
            -- A later date: the status of today says nothing of then.
            or dated.is_after_as_of
        )
),

last_events as (
    select
        record_id, max(event_at) as event_at,
        {{ earliest_of([add_seconds('max(event_at)', 1), as_of()]) }} as next_at
    from {{ recorded }}
    where not is_after_as_of
    group by record_id
),

-- The status of today came after what is recorded, by a second where the record tells no later time.
inferred as (
    select
        records.lead_id,
        records.record_id,
        records.crm,
        records.record_id as event_id,
        current_statuses.status_of,
        case
            when statuses.stage = 'opportunity' and records.converted_at is not null
                then {{ latest_of(['records.converted_at', 'records.created_at']) }}
            when current_statuses.last_modified_at >= last_events.event_at
                then current_statuses.last_modified_at
            else {{ latest_of([
                'coalesce(current_statuses.last_modified_at, records.created_at)',
                'last_events.next_at'
            ]) }}
        end as event_at,
        current_statuses.status as raw_value,
        coalesce(statuses.stage, 'captured') as stage,
        statuses.stage is null as is_unmapped
    from {{ ref('int_lead_current_statuses') }} as current_statuses
    inner join records on current_statuses.record_id = records.record_id
    left join compared
        on
            current_statuses.record_id = compared.record_id
            and current_statuses.status_of = compared.status_of
    left join last_events on records.record_id = last_events.record_id
    left join {{ ref('lead_statuses') }} as statuses
        on
            {{ folded('current_statuses.status') }} = {{ folded('statuses.raw_value') }}
            and {{ in_force('statuses', 'records.definition_on') }}
    left join told
        on records.record_id = told.record_id and current_statuses.status_of = told.status_of
    where
        not coalesce(compared.is_after_as_of or compared.is_told, false)
        and told.record_id is null
        -- Converted after as_of: the status of today says nothing of then.
        and (
            records.is_conversion_known
            or coalesce(statuses.stage, 'captured') <> 'opportunity'
        )
        and (compared.record_id is not null or coalesce(statuses.stage, 'captured') <> 'captured')
),

int_lead_inferred_statuses as (
    select lead_id, record_id, crm, event_id, event_at, raw_value, stage, is_unmapped
    from inferred
    where event_at <= {{ as_of() }}
)

select * from int_lead_inferred_statuses
