-- Grain: one row per row of the raw table contact_merge_audit.
with

source_rows as (
    {{ raw(source('hubspot', 'contact_merge_audit')) }}
),

judged as (
    {{ row_rules(
        'source_rows', key=['canonical_vid', 'vid_to_merge'],
        needs=['canonical_vid', 'vid_to_merge']
    ) }}
),

stg_hubspot__contact_merge_audits as (
    select
        crm,
        {{ raw_key('canonical_vid') }} as contact_id,
        {{ raw_key('vid_to_merge') }} as merged_contact_id,
        row_status,
        row_reason
    from judged
)

select * from stg_hubspot__contact_merge_audits
