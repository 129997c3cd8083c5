-- One row per lead record that was merged away in the CRM (it may have no row any more): the record
-- at the end of its chain. is_lead tells a lead from a contact that is none.
-- A chain that ends at a deleted or unknown record, or runs in a circle, ends at nobody (no row
-- with a survivor).
with recursive

merge_steps as (
    select lead_id as record_id, into_lead_id as into_id, keeps_history
    from {{ ref('int_lead_merges_unioned') }}
),

survivors as (
    select lead_id as record_id, row_status = 'used' as is_lead
    from {{ ref('int_leads_unioned') }}
    where row_status = 'used' or row_reason = 'not_a_lead'
),

chains as (
    {{ followed('chains', 'merge_steps', carried=['keeps_history']) }}
),

int_lead_merges as (
    select
        chains.record_id,
        chains.reached_id as surviving_record_id,
        chains.keeps_history,
        survivors.is_lead
    from chains
    inner join survivors on chains.reached_id = survivors.record_id
)

select * from int_lead_merges
