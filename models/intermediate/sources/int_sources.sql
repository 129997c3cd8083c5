-- One row per canonical source: its channel, demand type and the origin of deals that come from it.
with

mappings as (
    select
        source,
        channel,
        demand_type,
        row_number() over (
            partition by source
            order by valid_from desc nulls last, channel asc, demand_type asc
        ) as preference
    from {{ ref('lead_sources') }}
    where source <> 'unknown'
),

known as (
    select source, channel, demand_type from mappings where preference = 1
    union all
    select 'unknown' as source, 'unknown' as channel, 'unknown' as demand_type
),

int_sources as (
    select
        *,
        case
            when demand_type in ('paid', 'organic', 'event', 'referral') then 'marketing'
            when demand_type = 'outbound' then 'sales'
            when demand_type = 'partner' then 'partner'
            else 'unknown'
        end as origin
    from known
)

select * from int_sources
