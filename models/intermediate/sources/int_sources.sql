-- One row per canonical source and definition period: its channel, demand type and the origin of
-- deals that come from it. Where no row is in force, the last before counts, else the next.
with

periods as (
    select * from {{ ref('int_definition_periods') }}
),

mappings as (
    select * from {{ ref('lead_sources') }} where source <> 'unknown'
),

ranked as (
    select
        mappings.source,
        periods.period_from as definition_on,
        periods.is_current,
        mappings.channel,
        mappings.demand_type,
        row_number() over (
            partition by mappings.source, periods.period_from
            order by
                case
                    when {{ in_force('mappings', 'periods.period_from') }} then 1
                    when mappings.valid_from > periods.period_from then 3
                    else 2
                end,
                case when mappings.valid_from <= periods.period_from then mappings.valid_from end
                desc nulls last,
                mappings.valid_from,
                mappings.channel,
                mappings.demand_type
        ) as preference
    from mappings
    cross join periods
),

known as (
    select source, definition_on, is_current, channel, demand_type
    from ranked
    where preference = 1
    union all
    select
        'unknown' as source,
        period_from as definition_on,
        is_current,
        'unknown' as channel,
        'unknown' as demand_type
    from periods
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
