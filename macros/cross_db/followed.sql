{#- The body of a recursive CTE `name`: from each record_id of the steps (CTE with record_id, into_id and the carried columns) all
    that it leads to, one row (record_id, reached_id, carried columns) each. A circle comes to an end. -#}
{% macro followed(name, steps, carried=[]) -%}
    {{ return(adapter.dispatch('followed')(name, steps, carried)) }}
{%- endmacro %}

{#- `union` keeps each pair once. -#}
{% macro default__followed(name, steps, carried) -%}
    select {{ (['record_id', 'into_id as reached_id'] + carried) | join(', ') }}
    from {{ steps }}

    union

    select {{ ([name ~ '.record_id', steps ~ '.into_id as reached_id'] + prefixed(name, carried)) | join(', ') }}
    from {{ name }}
    inner join {{ steps }} on {{ name }}.reached_id = {{ steps }}.record_id
{%- endmacro %}

{#- Spark knows only `union all` there: what was reached is kept, so that nothing is reached twice on one way. -#}
{% macro spark__followed(name, steps, carried) -%}
    with recursive walked as (
        select {{ (['record_id', 'into_id as reached_id', 'array(into_id) as way'] + carried) | join(', ') }}
        from {{ steps }}

        union all

        select {{ (['walked.record_id', 'steps.into_id as reached_id', 'array_append(walked.way, steps.into_id) as way']
            + prefixed('walked', carried)) | join(', ') }}
        from walked
        inner join {{ steps }} as steps on walked.reached_id = steps.record_id
        where not array_contains(walked.way, steps.into_id)
    )

    select distinct {{ (['record_id', 'reached_id'] + carried) | join(', ') }}
    from walked
{%- endmacro %}

{% macro prefixed(relation, columns) -%}
    {%- set names = [] -%}
    {%- for column in columns -%} {%- do names.append(relation ~ '.' ~ column) -%} {%- endfor -%}
    {{ return(names) }}
{%- endmacro %}

{#- Without `union` in recursion: every step leads twice as far, so that ways of up to 32 steps are followed to their ends. -#}
{% macro doubled_followed(steps, carried) -%}
    with reached_0 as (
        select distinct {{ (['record_id', 'into_id as reached_id'] + carried) | join(', ') }}
        from {{ steps }}
    )
    {%- for turn in range(1, 6) %},

    reached_{{ turn }} as (
        select * from reached_{{ turn - 1 }}
        {{ distinct_union() }}
        select {{ (['earlier.record_id', 'later.reached_id'] + prefixed('earlier', carried)) | join(', ') }}
        from reached_{{ turn - 1 }} as earlier
        inner join reached_{{ turn - 1 }} as later on earlier.reached_id = later.record_id
    )
    {%- endfor %}

    select * from reached_5
{%- endmacro %}

{% macro snowflake__followed(name, steps, carried) -%} {{ return(doubled_followed(steps, carried)) }} {%- endmacro %}
{% macro bigquery__followed(name, steps, carried) -%} {{ return(doubled_followed(steps, carried)) }} {%- endmacro %}
{% macro redshift__followed(name, steps, carried) -%} {{ return(doubled_followed(steps, carried)) }} {%- endmacro %}
{% macro trino__followed(name, steps, carried) -%} {{ return(doubled_followed(steps, carried)) }} {%- endmacro %}
