{#- A timestamp with time zone as UTC wall-clock time, whatever the time zone of the session. -#}
{% macro raw_utc(moment) -%}
    {{ return(adapter.dispatch('raw_utc')(moment)) }}
{%- endmacro %}

{% macro default__raw_utc(moment) -%}
    ({{ moment }} at time zone 'UTC')
{%- endmacro %}

{% macro duckdb__raw_utc(moment) -%}
    make_timestamp(epoch_us({{ moment }}))
{%- endmacro %}
