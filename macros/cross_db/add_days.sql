{#- A timestamp moved by whole days; may be negative. -#}
{% macro add_days(moment, days) -%} {{ return(adapter.dispatch('add_days')(moment, days)) }} {%- endmacro %}

{% macro default__add_days(moment, days) -%}
    ({{ moment }} + interval '{{ days }}' day)
{%- endmacro %}

{% macro snowflake__add_days(moment, days) -%} dateadd(day, {{ days }}, {{ moment }}) {%- endmacro %}

{% macro bigquery__add_days(moment, days) -%} timestamp_add({{ moment }}, interval {{ days }} day) {%- endmacro %}
