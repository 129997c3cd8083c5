-- One row per recorded state of an opportunity: OpportunityHistory where the deal has any, else the
-- field history.
-- States after as_of stay in, marked: they tell that the record shows a later state.
with

opportunity_history as (
    select crm, opportunity_id, history_id, stage, created_at
    from {{ ref('stg_salesforce__opportunity_history') }}
    where (row_status = 'used' or row_reason = 'after_as_of') and stage is not null
),

field_history as (
    select crm, opportunity_id, history_id, new_value as stage, created_at
    from {{ ref('stg_salesforce__opportunity_field_history') }}
    where
        (row_status = 'used' or row_reason = 'after_as_of')
        and {{ folded('field') }} = 'stagename'
        and new_value is not null
),

changes as (
    select * from opportunity_history
    union all
    select field_history.*
    from field_history
    left join
        opportunity_history
        on field_history.opportunity_id = opportunity_history.opportunity_id
    where opportunity_history.opportunity_id is null
),

int_opportunity_stage_changes as (
    select *, created_at > {{ as_of() }} as is_after_as_of
    from changes
)

select * from int_opportunity_stage_changes
