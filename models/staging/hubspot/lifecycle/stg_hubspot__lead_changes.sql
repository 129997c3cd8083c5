-- Grain: one row per recorded change of a contact or of one of its Lead objects, and per lifecycle
-- stage that only a date tells; those after as_of among them.
with

contact_changes as (
    select *
    from {{ ref('stg_hubspot__contact_property_history') }}
    where row_status = 'used' or row_reason = 'after_as_of'
),

object_changes as (
    select
        history.*,
        objects.contact_id,
        {{ lead_object_stage('history.new_value') }} as stage
    from {{ ref('stg_hubspot__lead_property_history') }} as history
    inner join {{ ref('stg_hubspot__attached_lead_objects') }} as objects
        on history.lead_object_id = objects.lead_object_id
    where
        history.property = 'hs_pipeline_stage'
        and (history.row_status = 'used' or history.row_reason = 'after_as_of')
),

changes as (
    select
        crm,
        contact_id,
        property as told_by,
        case property when 'hs_lead_status' then 'status' when 'lifecyclestage' then property end
            as status_of,
        new_value,
        changed_at,
        change_source,
        true as is_history
    from contact_changes

    union all

    select
        crm,
        contact_id,
        lead_object_id as told_by,
        lead_object_id as status_of,
        stage as new_value,
        changed_at,
        change_source,
        true as is_history
    from object_changes

    union all

    select
        crm,
        contact_id,
        '' as told_by,
        'lifecyclestage' as status_of,
        stage_name as new_value,
        entered_at as changed_at,
        cast(null as {{ text_type() }}) as change_source,
        false as is_history
    from {{ ref('stg_hubspot__lifecycle_dates') }}
),

stg_hubspot__lead_changes as (
    select
        crm,
        told_by || ' ' || coalesce(new_value, '') || ' ' || contact_id || ' '
        || {{ moment_text('changed_at') }} as change_id,
        contact_id as lead_id,
        status_of,
        new_value,
        cast(null as {{ text_type() }}) as stage,
        changed_at,
        false as is_conversion,
        coalesce(
            change_source = 'import'
            or change_source like '%bulk%'
            or change_source like '%batch%',
            false
        ) as is_bulk,
        is_history
    from changes
)

select * from stg_hubspot__lead_changes
