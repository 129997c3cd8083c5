-- What: the definition version of a lead is the newest change of any definition on or before the day
--   it was created (before the first change: the first). A lead without a creation is judged by the
--   rules in force at as_of.
-- Why: a new definition must not rewrite last quarter.
-- Mend: look at int_definition_periods and at definition_on in int_people; a seed with dates belongs
--   in definition_seeds().
with

changes as (
    {% for seed in definition_seeds() -%}
    select valid_from as changed_on from {{ ref(seed) }} where valid_from is not null
    {{ distinct_union() }}
    select valid_to as changed_on from {{ ref(seed) }} where valid_to is not null
    {{ distinct_union() if not loop.last }}
    {% endfor %}
),

days as (
    select distinct
        coalesce({{ reporting_day('created_at') }}, {{ today() }}) as judged_on,
        definition_version
    from {{ ref('fct_leads') }}
),

expected as (
    select
        days.judged_on,
        days.definition_version,
        coalesce(
            max(case when changes.changed_on <= days.judged_on then changes.changed_on end),
            min(changes.changed_on)
        ) as changed_on
    from days
    cross join changes
    group by days.judged_on, days.definition_version
)

select * from expected where definition_version <> cast(changed_on as {{ text_type() }})
