{#- Gives the columns of the model that is made the types by which the warehouse knows them: its contract is checked by these. -#}
{% macro name_types() -%}
    {%- for column in model.columns.values() if column.data_type -%}
        {%- do column.update({'data_type': type_named(column.data_type)}) -%}
    {%- endfor -%}
{%- endmacro %}

{#- BigQuery's own way of making tables is kept; it asks for this before it names the columns. -#}
{% macro bigquery__get_assert_columns_equivalent(sql) -%}
    {%- do name_types() -%}
    {{ return(default__get_assert_columns_equivalent(sql)) }}
{%- endmacro %}
