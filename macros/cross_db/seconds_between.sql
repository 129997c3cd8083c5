{#- Exact seconds from one timestamp to a later one, as double; negative when the second is the earlier. -#}
{% macro seconds_between(start_at, end_at) -%}
    {{ return(adapter.dispatch('seconds_between')(start_at, end_at)) }}
{%- endmacro %}

{% macro default__seconds_between(start_at, end_at) -%}
    cast(extract(epoch from ({{ end_at }} - {{ start_at }})) as {{ double_type() }})
{%- endmacro %}

{% macro duckdb__seconds_between(start_at, end_at) -%}
    ((epoch_us({{ end_at }}) - epoch_us({{ start_at }})) / 1000000.0)
{%- endmacro %}

{% macro snowflake__seconds_between(start_at, end_at) -%} (cast(datediff(microsecond, {{ start_at }}, {{ end_at }}) as double) / 1000000) {%- endmacro %}

{% macro bigquery__seconds_between(start_at, end_at) -%} (timestamp_diff({{ end_at }}, {{ start_at }}, microsecond) / 1000000.0) {%- endmacro %}

{% macro redshift__seconds_between(start_at, end_at) -%}
    (cast(datediff(microsecond, {{ start_at }}, {{ end_at }}) as double precision) / 1000000.0)
{%- endmacro %}

{#- Timestamps of three decimals, as Trino's are unless said otherwise. -#}
{% macro trino__seconds_between(start_at, end_at) -%} (cast(date_diff('millisecond', {{ start_at }}, {{ end_at }}) as double) / 1000) {%- endmacro %}

{% macro spark__seconds_between(start_at, end_at) -%}
    (cast(unix_micros({{ end_at }}) - unix_micros({{ start_at }}) as double) / 1000000)
{%- endmacro %}
