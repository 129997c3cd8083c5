-- Grain: one row per row of the raw table opportunity_stage.
with source_rows as (
    {{ raw(source('salesforce', 'opportunity_stage')) }}
),

judged as (
    {{ row_rules('source_rows', key=['master_label'], needs=['master_label']) }}
),

stg_salesforce__stages as (
    select
        crm,
        master_label as stage,
        {{ folded('master_label') }} as stage_key,
        sort_order as stage_order,
        is_closed,
        is_won,
        row_status,
        row_reason
    from judged
)

select * from stg_salesforce__stages
