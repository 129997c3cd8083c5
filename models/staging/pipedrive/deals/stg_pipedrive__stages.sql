-- Grain: one row per row of the raw table stages.
with source_rows as (
    {{ raw(source('pipedrive', 'stages')) }}
),

judged as (
    {{ row_rules('source_rows', needs=['id']) }}
),

stg_pipedrive__stages as (
    select
        crm,
        name as stage,
        id as stage_key,
        order_nr as stage_order,
        -- Won and lost are a status of the deal, no stages.
        false as is_closed,
        false as is_won,
        row_status,
        row_reason
    from judged
)

select * from stg_pipedrive__stages
