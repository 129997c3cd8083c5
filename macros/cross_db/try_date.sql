{#- Text as a calendar day: the day as it is written, never moved by a time zone; null where it is none. -#}
{% macro try_date(text) -%}
    {{ return(adapter.dispatch('try_date')(text)) }}
{%- endmacro %}

{% macro default__try_date(text) -%}
    cast({{ try_timestamp(text) }} as date)
{%- endmacro %}

{% macro postgres__try_date(text) -%} {{ home_function('try_date') }}({{ text }}) {%- endmacro %}

{% macro duckdb__try_date(text) -%}
    case
            when contains({{ text }}, '(') then null
            when strpos({{ text }}, '-') = 5 then try_cast({{ text }} as date)
            when strpos({{ text }}, '/') = 5 and not contains(left({{ text }}, 4), '-')
                then try_cast(replace({{ text }}, '/', '-') as date)
            when contains({{ text }}, '/') then cast({{ try_us_timestamp(text) }} as date)
        end
{%- endmacro %}

{% macro snowflake__try_date(text) -%} try_to_date(substr({{ text }}, 1, 10)) {%- endmacro %}

{% macro bigquery__try_date(text) -%} safe_cast(substr({{ text }}, 1, 10) as date) {%- endmacro %}

{% macro redshift__try_date(text) -%} try_cast(substr({{ text }}, 1, 10) as date) {%- endmacro %}

{% macro trino__try_date(text) -%} try_cast(substr({{ text }}, 1, 10) as date) {%- endmacro %}

{% macro spark__try_date(text) -%}
    case
            when {{ text }} rlike '^[0-9]{4}-[0-9]{1,2}-[0-9]' then try_cast({{ text }} as date)
            when {{ text }} rlike '^[0-9]{4}/[0-9]{1,2}/[0-9]' then try_cast(replace({{ text }}, '/', '-') as date)
            when contains({{ text }}, '/') then cast({{ try_us_timestamp(text) }} as date)
        end
{%- endmacro %}
