-- Grain: one row per row of the raw table contact_merged_id.
with

source_rows as (
    {{ raw(source('hubspot', 'contact_merged_id')) }}
),

judged as (
    {{ row_rules(
        'source_rows', key=['_dlt_parent_id', 'value'], needs=['_dlt_parent_id', 'value']
    ) }}
),

stg_hubspot__contact_merged_ids as (
    select
        crm,
        _dlt_parent_id as contact_mark,
        {{ raw_key('value') }} as merged_contact_id,
        row_status,
        row_reason
    from judged
)

select * from stg_hubspot__contact_merged_ids
