-- One row per status change that a CRM recorded of a lead, those after as_of among them, marked:
-- they tell that the record shows a later state.
with

records as (
    select records.*, people.definition_on
    from {{ ref('int_lead_records') }} as records
    inner join {{ ref('int_people') }} as people on records.lead_id = people.lead_id
    where not records.is_merged_away
),

merge_chains as (
    select * from {{ ref('int_lead_merges') }} where keeps_history
),

statuses as (
    select * from {{ ref('lead_statuses') }}
),

named as (
    select
        records.lead_id,
        records.record_id,
        records.crm,
        changes.change_id as event_id,
        changes.status_of,
        changes.changed_at as event_at,
        changes.changed_at > {{ as_of() }} as is_after_as_of,
        changes.new_value as raw_value,
        coalesce(changes.stage, statuses.stage, 'captured') as stage,
        changes.is_history,
        merge_chains.record_id is not null as is_of_merged,
        changes.stage is null and statuses.stage is null as is_unmapped,
        changes.is_bulk as is_bulk_by_crm
    from {{ ref('int_lead_changes_unioned') }} as changes
    left join merge_chains on changes.lead_id = merge_chains.record_id
    inner join records
        on coalesce(merge_chains.surviving_record_id, changes.lead_id) = records.record_id
    left join statuses
        on
            {{ folded('changes.new_value') }} = {{ folded('statuses.raw_value') }}
            and {{ in_force('statuses', 'records.definition_on') }}
    where
        changes.status_of is not null
        and (changes.new_value is not null or changes.stage is not null)
),

-- Changes of many leads to one value in one second are a machine's, whatever the CRM says of them.
crowded_seconds as (
    select crm, {{ second_of('event_at') }} as event_second
    from named
    where is_history and not is_after_as_of
    group by crm, {{ second_of('event_at') }}
    having count(*) >= 25
),

crowds as (
    select
        named.crm,
        named.status_of,
        {{ folded('named.raw_value') }} as value_key,
        crowded_seconds.event_second
    from named
    inner join crowded_seconds
        on
            named.crm = crowded_seconds.crm
            and {{ second_of('named.event_at') }} = crowded_seconds.event_second
    where named.is_history and not named.is_after_as_of
    group by
        named.crm,
        named.status_of,
        {{ folded('named.raw_value') }},
        crowded_seconds.event_second
    having count(distinct named.record_id) >= 25
),

int_lead_recorded_statuses as (
    select
        named.*,
        named.is_bulk_by_crm or (crowds.value_key is not null and named.is_history) as is_bulk
    from named
    left join crowds
        on
            named.crm = crowds.crm
            and named.status_of = crowds.status_of
            and {{ folded('named.raw_value') }} = crowds.value_key
            and {{ second_of('named.event_at') }} = crowds.event_second
    -- A duplicate is set to unqualified and merged: that says nothing of the person.
    where not (named.is_of_merged and named.stage = 'rejected')
)

select * from int_lead_recorded_statuses
