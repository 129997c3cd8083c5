-- Grain: one row per row of the raw table opportunity_stage.
with source_rows as (
    {{ raw(source('salesforce', 'opportunity_stage')) }}
),

judged as (
    {{ row_rules('source_rows', key=['api_name'], needs=['api_name']) }}
),

stg_salesforce__stages as (
    select
        crm,
        api_name as stage,
        {{ folded('api_name') }} as stage_key,
        master_label as label,
        {{ folded('master_label') }} as label_key,
        sort_order as stage_order,
        is_closed,
        is_won,
        row_status,
        row_reason
    from judged
)

select * from stg_salesforce__stages
