-- One row per day on which a definition changed, up to the next change: the rules are constant in
-- between.
with

changes as (
    {% for seed in definition_seeds() %}
    select valid_from as changed_on from {{ ref(seed) }} where valid_from is not null
    {{ distinct_union() }}
    select valid_to as changed_on from {{ ref(seed) }} where valid_to is not null
    {{ distinct_union() }}
    {% endfor %}
    -- Before the first change there is a period too.
    select cast('0001-01-01' as date) as changed_on
),

periods as (
    select
        changed_on as period_from,
        lead(changed_on) over (order by changed_on) as period_to
    from changes
),

int_definition_periods as (
    select
        *,
        {{ today() }} >= period_from
        and (period_to is null or {{ today() }} < period_to) as is_current
    from periods
)

select * from int_definition_periods
