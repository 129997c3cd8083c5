-- Grain: one row per contact and status field besides its lead status: the lifecycle stage, and the
-- stage of each of its Lead objects.
with

stg_hubspot__other_statuses as (
    select
        crm,
        contact_id as lead_id,
        'lifecyclestage' as status_of,
        lifecycle_stage as status,
        last_modified_at,
        'used' as row_status
    from {{ ref('stg_hubspot__contact_records') }}
    where row_status = 'used' and lifecycle_stage is not null

    union all

    select
        crm,
        contact_id as lead_id,
        lead_object_id as status_of,
        stage as status,
        modified_at as last_modified_at,
        'used' as row_status
    from {{ ref('stg_hubspot__attached_lead_objects') }}
    where stage is not null
)

select * from stg_hubspot__other_statuses
