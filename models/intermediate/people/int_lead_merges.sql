-- One row per lead record, or contact behind one, that was merged away in the CRM (it may have no
-- row any more): the record at the end of its chain. is_lead tells a lead from what is none,
-- is_contact the contact of a CRM in which contacts are no leads.
-- A chain that ends at a deleted or unknown record, or runs in a circle, ends at nobody (no row
-- with a survivor).
with recursive

merge_steps as (
    select lead_id as record_id, into_lead_id as into_id, keeps_history, is_contact
    from {{ ref('int_lead_merges_unioned') }}
),

survivors as (
    select lead_id as record_id, row_status = 'used' as is_lead, false as is_contact
    from {{ ref('int_leads_unioned') }}
    where row_status = 'used' or row_reason = 'not_a_lead'
    union all
    select contact_id as record_id, false as is_lead, true as is_contact
    from {{ ref('int_contacts_unioned') }}
),

chains as (
    {{ followed('chains', 'merge_steps', carried=['keeps_history', 'is_contact']) }}
),

int_lead_merges as (
    select
        chains.record_id,
        chains.reached_id as surviving_record_id,
        chains.keeps_history,
        survivors.is_lead,
        chains.is_contact
    from chains
    inner join survivors
        on chains.reached_id = survivors.record_id and chains.is_contact = survivors.is_contact
)

select * from int_lead_merges
