-- Grain: one row per row of the raw table deal_pipeline. What was deleted since still explains
-- the deals that went through it.
with

source_rows as (
    {{ raw(source('hubspot', 'deal_pipeline')) }}
),

judged as (
    {{ row_rules('source_rows', key=['pipeline_id'], needs=['pipeline_id']) }}
),

stg_hubspot__deal_pipelines as (
    select
        crm,
        {{ raw_key('pipeline_id') }} as pipeline_key,
        pipeline_id,
        row_mark,
        stages as stage_list,
        case when row_reason = 'deleted' then 'used' else row_status end as row_status,
        case when row_reason <> 'deleted' then row_reason end as row_reason
    from judged
)

select * from stg_hubspot__deal_pipelines
