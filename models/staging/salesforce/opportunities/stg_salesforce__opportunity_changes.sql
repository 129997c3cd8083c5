-- Grain: one row per recorded state of an opportunity, those after as_of among them.
-- OpportunityHistory is written by itself, field history only where somebody switched it on.
with

stg_salesforce__opportunity_changes as (
    select
        crm,
        opportunity_id,
        history_id as change_id,
        stage,
        {{ folded('stage') }} as stage_key,
        created_at as changed_at,
        1 as precedence
    from {{ ref('stg_salesforce__opportunity_history') }}
    where row_status = 'used' or row_reason = 'after_as_of'

    union all

    select
        crm,
        opportunity_id,
        history_id as change_id,
        new_value as stage,
        {{ folded('new_value') }} as stage_key,
        created_at as changed_at,
        2 as precedence
    from {{ ref('stg_salesforce__opportunity_field_history') }}
    where
        (row_status = 'used' or row_reason = 'after_as_of')
        and {{ folded('field') }} = 'stagename'
)

select * from stg_salesforce__opportunity_changes
