{{ config(materialized='ephemeral') }}
-- One row per lead record whose history says that it was converted: when first (it may be after
-- as_of).
with

int_conversion_rows as (
    select lead_id as record_id, min(changed_at) as converted_at
    from {{ ref('int_lead_changes_unioned') }}
    where is_conversion
    group by lead_id
)

select * from int_conversion_rows
