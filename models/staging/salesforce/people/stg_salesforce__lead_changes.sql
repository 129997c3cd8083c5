-- Grain: one row per recorded change of a lead, those after as_of among them.
with

stg_salesforce__lead_changes as (
    select
        crm,
        history_id as change_id,
        lead_id,
        case when {{ folded('field') }} = 'status' then 'status' end as status_of,
        new_value,
        cast(null as {{ text_type() }}) as stage,
        created_at as changed_at,
        {{ folded('field') }} = 'leadconverted' as is_conversion,
        false as is_bulk,
        true as is_history
    from {{ ref('stg_salesforce__lead_history') }}
    where row_status = 'used' or row_reason = 'after_as_of'
)

select * from stg_salesforce__lead_changes
