{#- A UTC timestamp as wall-clock time of a time zone, named by a column. -#}
{% macro local_time(moment, zone) -%}
    {{ return(adapter.dispatch('local_time')(moment, zone)) }}
{%- endmacro %}

{% macro default__local_time(moment, zone) -%}
    ({{ moment }} at time zone 'UTC' at time zone {{ zone }})
{%- endmacro %}

{% macro spark__local_time(moment, zone) -%}
    from_utc_timestamp({{ moment }}, {{ zone }})
{%- endmacro %}

{#- The other way: wall-clock time of a time zone as UTC. -#}
{% macro utc_time(moment, zone) -%}
    {{ return(adapter.dispatch('utc_time')(moment, zone)) }}
{%- endmacro %}

{% macro default__utc_time(moment, zone) -%}
    ({{ moment }} at time zone {{ zone }} at time zone 'UTC')
{%- endmacro %}

{% macro spark__utc_time(moment, zone) -%}
    to_utc_timestamp({{ moment }}, {{ zone }})
{%- endmacro %}

{% macro snowflake__local_time(moment, zone) -%} convert_timezone('UTC', {{ zone }}, {{ moment }}) {%- endmacro %}

{% macro snowflake__utc_time(moment, zone) -%} convert_timezone({{ zone }}, 'UTC', {{ moment }}) {%- endmacro %}

{#- Every time of the project is a timestamp there, wall-clock times too, so that they compare. -#}
{% macro bigquery__local_time(moment, zone) -%}
    timestamp(format_timestamp('%F %H:%M:%E6S', {{ moment }}, {{ zone }}))
{%- endmacro %}

{% macro bigquery__utc_time(moment, zone) -%}
    cast(format_timestamp('%F %H:%M:%E6S', {{ moment }}) || ' ' || {{ zone }} as timestamp)
{%- endmacro %}

{% macro redshift__local_time(moment, zone) -%} convert_timezone('UTC', {{ zone }}, {{ moment }}) {%- endmacro %}

{% macro redshift__utc_time(moment, zone) -%} convert_timezone({{ zone }}, 'UTC', {{ moment }}) {%- endmacro %}

{% macro trino__local_time(moment, zone) -%}
    cast(at_timezone(with_timezone({{ moment }}, 'UTC'), {{ zone }}) as timestamp)
{%- endmacro %}

{% macro trino__utc_time(moment, zone) -%}
    cast(at_timezone(with_timezone({{ moment }}, {{ zone }}), 'UTC') as timestamp)
{%- endmacro %}
