{{ config(materialized='view') }}
-- Grain: one row per stage and name that a deal may call it by: its API name, which deals and their
-- history hold, and its label, where no stage has that for an API name. A stage that was given
-- another label keeps its API name.
with

stages as (
    select * from {{ ref('stg_salesforce__stages') }}
    where row_status = 'used'
),

named as (
    select crm, stage, stage_key, stage_order, is_closed, is_won from stages
    union all
    select
        stages.crm,
        stages.label as stage,
        stages.label_key as stage_key,
        stages.stage_order,
        stages.is_closed,
        stages.is_won
    from stages
    left join stages as others
        on stages.crm = others.crm and stages.label_key = others.stage_key
    where stages.label_key is not null and others.crm is null
)

select *, 'used' as row_status from named
