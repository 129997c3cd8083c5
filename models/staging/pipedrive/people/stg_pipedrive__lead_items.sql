-- Grain: one row per row of the raw table leads: an item of the leads inbox.
with source_rows as (
    {{ raw(source('pipedrive', 'leads')) }}
),

judged as (
    {{ row_rules('source_rows', needs=['id', 'person_id'], ends_by='add_time') }}
),

stg_pipedrive__lead_items as (
    select
        crm,
        {{ raw_key('id') }} as item_id,
        {{ raw_key('person_id') }} as lead_id,
        source_name,
        coalesce(is_archived, false) as is_archived,
        add_time as created_at,
        row_status,
        row_reason
    from judged
)

select * from stg_pipedrive__lead_items
