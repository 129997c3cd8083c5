{#- A timestamp moved by whole hours; may be negative. -#}
{% macro add_hours(moment, hours) -%} {{ return(adapter.dispatch('add_hours')(moment, hours)) }} {%- endmacro %}

{% macro default__add_hours(moment, hours) -%}
    ({{ moment }} + interval '{{ hours }}' hour)
{%- endmacro %}

{% macro snowflake__add_hours(moment, hours) -%} dateadd(hour, {{ hours }}, {{ moment }}) {%- endmacro %}

{% macro bigquery__add_hours(moment, hours) -%} timestamp_add({{ moment }}, interval {{ hours }} hour) {%- endmacro %}
