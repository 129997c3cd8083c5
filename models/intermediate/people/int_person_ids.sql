-- One row per id that an activity or a response may point at (a lead record, or the contact it was
-- converted into):
-- the lead it belongs to. A contact that two leads were converted into belongs to the one captured
-- first.
with

records as (
    select * from {{ ref('int_lead_records') }} where lead_id is not null
),

people as (
    select lead_id, captured_at from {{ ref('int_people') }}
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
    where records.person_contact_id is not null and not records.is_merged_away
),

int_person_ids as (
    select record_id as person_id, lead_id, false as is_contact
    from records

    union all

    select person_id, lead_id, true as is_contact
    from contacts
    where preference = 1
)

select * from int_person_ids
