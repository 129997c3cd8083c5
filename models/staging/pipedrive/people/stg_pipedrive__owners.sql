-- Grain: one row per row of the raw table users.
with source_rows as (
    {{ raw(source('pipedrive', 'users')) }}
),

judged as (
    {{ row_rules('source_rows', needs=['id']) }}
),

stg_pipedrive__owners as (
    select
        crm,
        {{ raw_key('id') }} as owner_id,
        'user' as owner_type,
        active_flag as is_active,
        cast(null as {{ text_type() }}) as queue_name,
        cast(null as {{ text_type() }}) as time_zone,
        row_status,
        row_reason
    from judged
)

select * from stg_pipedrive__owners
