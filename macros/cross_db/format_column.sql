{#- A column as contracts compare it. Text of a limited length, as it comes from seeds, is text. Takes the place of dbt's macro. -#}
{% macro spark__format_column(column) -%}
    {%- set type = column.dtype | replace('VARCHAR', 'STRING') -%}
    {{ return({'name': column.name, 'data_type': type, 'formatted': column.name | lower ~ ' ' ~ type}) }}
{%- endmacro %}
