{#- A timestamp moved by whole seconds; may be negative. -#}
{% macro add_seconds(moment, seconds) -%} {{ return(adapter.dispatch('add_seconds')(moment, seconds)) }} {%- endmacro %}

{% macro default__add_seconds(moment, seconds) -%}
    ({{ moment }} + interval '{{ seconds }}' second)
{%- endmacro %}

{% macro snowflake__add_seconds(moment, seconds) -%} dateadd(second, {{ seconds }}, {{ moment }}) {%- endmacro %}

{% macro bigquery__add_seconds(moment, seconds) -%} timestamp_add({{ moment }}, interval {{ seconds }} second) {%- endmacro %}
