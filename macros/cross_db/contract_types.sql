{#- Contracts on Spark: their types get Spark's own words, and text of a limited length (as in seeds) is text. Both take the place
    of dbt's macros of these names. -#}
{% macro spark__get_empty_schema_sql(columns) -%}
    select
    {%- for column in columns.values() %}
        cast(null as {{ type_named(column.data_type) }}) as {{ column.name }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{% macro spark__format_column(column) -%}
    {%- set type = column.dtype | replace('VARCHAR', 'STRING') -%}
    {{ return({'name': column.name, 'data_type': type, 'formatted': column.name | lower ~ ' ' ~ type}) }}
{%- endmacro %}
