-- Grain: one row per row of the raw tables user and group.
with raw_users as (
    {{ raw(source('salesforce', 'user')) }}
),

raw_groups as (
    {{ raw(source('salesforce', 'group')) }}
),

users as (
    {{ row_rules('raw_users', needs=['id']) }}
),

queue_groups as (
    {{ row_rules('raw_groups', needs=['id']) }}
),

stg_salesforce__owners as (
    select
        crm,
        'user' as raw_table,
        {{ raw_key('id') }} as owner_id,
        'user' as owner_type,
        is_active,
        cast(null as {{ text_type() }}) as queue_name,
        time_zone_sid_key as time_zone,
        row_status,
        row_reason
    from users

    union all

    select
        crm,
        'group' as raw_table,
        {{ raw_key('id') }} as owner_id,
        case when lower(type) <> 'queue' then 'group' else 'queue' end as owner_type,
        cast(null as boolean) as is_active,
        name as queue_name,
        cast(null as {{ text_type() }}) as time_zone,
        row_status,
        row_reason
    from queue_groups
)

select * from stg_salesforce__owners
