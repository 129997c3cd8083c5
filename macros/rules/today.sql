{#- Date of as_of in the reporting time zone: the "today" of due dates and close dates. -#}
{% macro today() -%}
    {{ reporting_day(as_of()) }}
{%- endmacro %}
