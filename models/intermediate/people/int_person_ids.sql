-- One row per id that an activity, a response or a deal may point at (a lead record, one that was
-- merged into it, the contact it was converted into, or one merged into that): the lead it belongs
-- to. A contact that two leads were converted into belongs to the one captured first.
with

records as (
    select * from {{ ref('int_lead_records') }} where lead_id is not null
),

people as (
    select lead_id, captured_at from {{ ref('int_people') }}
),

-- Merged away so long ago that the record itself is gone.
purged as (
    select merge_chains.record_id as person_id, survivors.lead_id
    from {{ ref('int_lead_merges') }} as merge_chains
    inner join records as survivors on merge_chains.surviving_record_id = survivors.record_id
    left join records as rows_kept on merge_chains.record_id = rows_kept.record_id
    where rows_kept.record_id is null
),

contacts as (
    select
        records.person_contact_id as person_id,
        people.lead_id,
        row_number() over (
            partition by records.person_contact_id
            order by people.captured_at nulls last, people.lead_id
        ) as preference
    from records
    inner join people on records.lead_id = people.lead_id
    where records.person_contact_id <> records.record_id and not records.is_merged_away
),

merged_contacts as (
    select merge_chains.record_id as person_id, contacts.lead_id
    from {{ ref('int_lead_merges') }} as merge_chains
    inner join contacts on merge_chains.surviving_record_id = contacts.person_id
    where merge_chains.is_contact and contacts.preference = 1
),

int_person_ids as (
    select record_id as person_id, lead_id from records
    union all
    select person_id, lead_id from purged
    union all
    select person_id, lead_id from contacts where preference = 1
    union all
    select person_id, lead_id from merged_contacts
)

select * from int_person_ids
