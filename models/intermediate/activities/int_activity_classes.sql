-- One row per combination of task type, subtype, direction, subject and source, and definition
-- period: is it logged by a machine, is it written by the lead? (Rules meet each combination once,
-- not each task.)
with

tasks as (
    select distinct
        tasks.activity_key,
        tasks.type_key,
        tasks.subtype_key,
        tasks.direction_key,
        tasks.subject_key,
        tasks.source_key
    from {{ ref('int_tasks') }} as tasks
),

rules as (
    select *, {{ folded('value') }} as rule_value from {{ ref('activity_rules') }}
),

fields as (
    select activity_key, 'type' as field, type_key as field_value from tasks
    union all
    select activity_key, 'subtype' as field, subtype_key as field_value from tasks
    union all
    select activity_key, 'direction' as field, direction_key as field_value from tasks
    union all
    select activity_key, 'subject' as field, subject_key as field_value from tasks
    union all
    select activity_key, 'source' as field, source_key as field_value from tasks
),

int_activity_classes as (
    select
        fields.activity_key,
        periods.period_from as definition_on,
        coalesce({{ dbt.bool_or("rules.activity_class = 'auto_logged'") }}, false)
            as is_auto_logged,
        coalesce({{ dbt.bool_or("rules.activity_class = 'inbound'") }}, false) as is_inbound
    from fields
    inner join rules
        on
            fields.field = rules.field
            and {{ rule_matches('rules.operator', 'fields.field_value', 'rules.rule_value') }}
    inner join {{ ref('int_definition_periods') }} as periods
        on {{ in_force('rules', 'periods.period_from') }}
    group by fields.activity_key, periods.period_from
)

select * from int_activity_classes
