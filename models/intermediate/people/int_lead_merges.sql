-- One row per lead record that was merged away in the CRM: the record at the end of its chain.
-- A chain that ends at a deleted or unknown record, or runs in a circle, ends at nobody (no row
-- with a survivor).
with recursive

records as (
    select lead_id as record_id, master_lead_id, row_status
    from {{ ref('stg_salesforce__leads') }}
    where row_status in ('used', 'merged')
),

-- `union` keeps each pair once, so a circle comes to an end.
steps as (
    select record_id, master_lead_id as reached_id
    from records
    where row_status = 'merged'

    union

    select steps.record_id, records.master_lead_id as reached_id
    from steps
    inner join records on steps.reached_id = records.record_id
    where records.row_status = 'merged'
),

int_lead_merges as (
    select steps.record_id, steps.reached_id as surviving_record_id
    from steps
    inner join records on steps.reached_id = records.record_id
    where records.row_status = 'used'
)

select * from int_lead_merges
