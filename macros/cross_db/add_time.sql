{#- A timestamp moved by whole days, hours or seconds; may be negative. -#}
{% macro add_days(moment, days) -%} {{ return(adapter.dispatch('add_time')(moment, days, 'day')) }} {%- endmacro %}
{% macro add_hours(moment, hours) -%} {{ return(adapter.dispatch('add_time')(moment, hours, 'hour')) }} {%- endmacro %}
{% macro add_seconds(moment, seconds) -%} {{ return(adapter.dispatch('add_time')(moment, seconds, 'second')) }} {%- endmacro %}

{% macro default__add_time(moment, number, unit) -%}
    ({{ moment }} + interval '{{ number }}' {{ unit }})
{%- endmacro %}

{% macro snowflake__add_time(moment, number, unit) -%} dateadd({{ unit }}, {{ number }}, {{ moment }}) {%- endmacro %}

{% macro bigquery__add_time(moment, number, unit) -%} timestamp_add({{ moment }}, interval {{ number }} {{ unit }}) {%- endmacro %}
