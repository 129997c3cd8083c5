{#- A timestamp with time zone as UTC wall-clock time, whatever the time zone of the session. -#}
{% macro raw_utc(moment) -%}
    {{ return(adapter.dispatch('raw_utc')(moment)) }}
{%- endmacro %}

{% macro default__raw_utc(moment) -%}
    ({{ moment }} at time zone 'UTC')
{%- endmacro %}

{#- Cast first: there are no microseconds of a moment in nanoseconds, as pandas writes it. -#}
{% macro duckdb__raw_utc(moment) -%}
    make_timestamp(epoch_us(cast({{ moment }} as timestamptz)))
{%- endmacro %}

{% macro snowflake__raw_utc(moment) -%} cast(convert_timezone('UTC', {{ moment }}) as timestamp_ntz) {%- endmacro %}

{#- A timestamp of Trino keeps its zone until it is cast. -#}
{% macro trino__raw_utc(moment) -%} cast({{ moment }} at time zone 'UTC' as timestamp) {%- endmacro %}
