-- Grain: one row per row of the raw table deal_pipeline_stage. What was deleted since still
-- explains the deals that went through it.
with

source_rows as (
    {{ raw(source('hubspot', 'deal_pipeline_stage')) }}
),

judged as (
    {{ row_rules(
        'source_rows', key=['pipeline_id', 'pipeline_mark', 'stage_id'], needs=['stage_id']
    ) }}
),

stg_hubspot__deal_pipeline_stages as (
    select
        crm,
        {{ raw_key('stage_id') }} as stage_id,
        stage_id as raw_stage_id,
        pipeline_id,
        pipeline_mark,
        label,
        display_order as stage_order,
        is_closed,
        probability,
        case when row_reason = 'deleted' then 'used' else row_status end as row_status,
        case when row_reason <> 'deleted' then row_reason end as row_reason
    from judged
)

select * from stg_hubspot__deal_pipeline_stages
