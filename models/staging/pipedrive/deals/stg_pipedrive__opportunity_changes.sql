-- Grain: one row per recorded stage of a deal, those after as_of among them: the changes of its flow
-- (without a flow the last change that the deal itself knows), and its end.
with deals as (
    select * from {{ ref('stg_pipedrive__opportunities') }} where row_status = 'used'
),

stages as (
    select * from {{ ref('stg_pipedrive__stages') }} where row_status = 'used'
),

flow as (
    select
        crm, opportunity_id, change_id, new_value as stage_key, changed_at, 1 as precedence
    from {{ ref('stg_pipedrive__deal_flow') }}
    where
        {{ folded('field_key') }} = 'stage_id'
        and (row_status = 'used' or row_reason = 'after_as_of')
),

last_changes as (
    select
        crm,
        opportunity_id,
        opportunity_id || ' stage' as change_id,
        last_open_stage_key as stage_key,
        coalesce(stage_changed_at, created_at) as changed_at,
        3 as precedence
    from deals
),

flowing as (
    select distinct opportunity_id from flow
),

ends as (
    select
        deals.crm,
        deals.opportunity_id,
        deals.opportunity_id || ' end' as change_id,
        deals.stage_key,
        deals.closed_at as changed_at,
        case when flowing.opportunity_id is null then 3 else 1 end as precedence
    from deals
    left join flowing on deals.opportunity_id = flowing.opportunity_id
    where deals.is_closed
),

changes as (
    select * from flow
    union all
    select * from last_changes
    union all
    select * from ends
),

stg_pipedrive__opportunity_changes as (
    select
        changes.crm,
        changes.opportunity_id,
        changes.change_id,
        coalesce(stages.stage, changes.stage_key) as stage,
        changes.stage_key,
        changes.changed_at,
        changes.precedence
    from changes
    left join stages on changes.crm = stages.crm and changes.stage_key = stages.stage_key
    where changes.changed_at is not null
)

select * from stg_pipedrive__opportunity_changes
