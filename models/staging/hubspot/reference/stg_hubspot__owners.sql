-- Grain: one row per row of the raw table owner.
with

source_rows as (
    {{ raw(source('hubspot', 'owner')) }}
),

judged as (
    {{ row_rules('source_rows', key=['owner_id'], needs=['owner_id']) }}
),

typed as (
    select
        *,
        case when {{ folded('type') }} = 'queue' then 'queue' else 'user' end as owner_type,
        nullif(trim(coalesce(first_name, '') || ' ' || coalesce(last_name, '')), '') as full_name
    from judged
),

stg_hubspot__owners as (
    select
        crm,
        {{ raw_key('owner_id') }} as owner_id,
        owner_type,
        -- A user who left has no active user id any more.
        case when owner_type = 'user' and has_active_user_id then active_user_id is not null end
            as is_active,
        case when owner_type = 'queue' then {{ business_text('full_name') }} end as queue_name,
        cast(null as {{ text_type() }}) as time_zone,
        row_status,
        row_reason
    from typed
)

select * from stg_hubspot__owners
