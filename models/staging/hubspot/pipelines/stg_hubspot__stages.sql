-- Grain: one row per pipeline and stage, deleted ones among them.
{{ config(materialized='table') }}

with

pipelines as (
    select * from {{ ref('stg_hubspot__deal_pipelines') }} where row_status = 'used'
),

stage_rows as (
    select * from {{ ref('stg_hubspot__deal_pipeline_stages') }} where row_status = 'used'
),

listed as (
    {{ json_rows('pipelines', ['crm', 'pipeline_id'], 'stage_list') }}
),

told as (
    select
        stage_rows.crm,
        coalesce(stage_rows.pipeline_id, pipelines.pipeline_id) as pipeline_id,
        stage_rows.raw_stage_id as stage_id,
        stage_rows.label,
        stage_rows.stage_order,
        stage_rows.is_closed,
        stage_rows.probability
    from stage_rows
    left join pipelines
        on
            stage_rows.crm = pipelines.crm
            and stage_rows.pipeline_mark = pipelines.row_mark

    union all

    select
        crm,
        pipeline_id,
        coalesce(
            {{ raw_text(json_text('item', 'stageId')) }}, {{ raw_text(json_text('item', 'id')) }}
        ) as stage_id,
        {{ raw_text(json_text('item', 'label')) }} as label,
        cast({{ try_number(json_text('item', 'displayOrder')) }} as integer) as stage_order,
        coalesce(
            {{ try_boolean(json_text('item', 'metadata.isClosed')) }},
            {{ try_boolean(json_text('item', 'closedWon')) }}
        ) as is_closed,
        coalesce(
            {{ try_number(json_text('item', 'metadata.probability')) }},
            {{ try_number(json_text('item', 'probability')) }}
        ) as probability
    from listed
),

stg_hubspot__stages as (
    select
        crm,
        pipeline_id,
        stage_id,
        {{ business_text('coalesce(label, stage_id)') }} as stage,
        {{ folded("coalesce(pipeline_id, '') || '/' || stage_id") }} as stage_key,
        -- How a property that is named after the stage spells it.
        replace({{ words('stage_id') }}, ' ', '') as property_name,
        stage_order,
        is_closed,
        case when is_closed is not null then is_closed and probability = 1 end as is_won,
        'used' as row_status
    from told
    where stage_id is not null
)

select * from stg_hubspot__stages
