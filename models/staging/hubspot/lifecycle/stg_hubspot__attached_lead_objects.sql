-- Grain: one row per Lead object that counts, with the contact that it is about today.
with

stg_hubspot__attached_lead_objects as (
    select
        objects.crm,
        objects.lead_object_id,
        coalesce(survivors.survivor_id, objects.contact_id) as contact_id,
        objects.stage,
        objects.disqualification_reason,
        objects.modified_at
    from {{ ref('stg_hubspot__lead_objects') }} as objects
    left join {{ ref('stg_hubspot__contact_survivors') }} as survivors
        on objects.contact_id = survivors.contact_id
    where objects.row_status = 'used'
)

select * from stg_hubspot__attached_lead_objects
