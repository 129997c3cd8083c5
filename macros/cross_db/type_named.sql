{#- The warehouse's type for the name that the project's YAML and settings write: varchar and double have other names elsewhere. -#}
{% macro type_named(name) -%}
    {{ return({'varchar': text_type(), 'double': double_type()}.get(name, name)) }}
{%- endmacro %}

{#- The types that seeds' YAML writes, by BigQuery's names: it knows varchar by none, and loads into no type with a length. -#}
{% macro name_seed_types(seed) -%}
    {%- set named = {} -%}
    {%- for column, type in seed.config.column_types.items() -%}
        {%- do named.update({column: type_named(type.split('(')[0])}) -%}
    {%- endfor -%}
    {%- do seed.config.update({'column_types': named}) -%}
{%- endmacro %}

{% macro bigquery__create_csv_table(model, agate_table) -%}
    {%- do name_seed_types(model) -%}
    {{ return(dbt.bigquery__create_csv_table(model, agate_table)) }}
{%- endmacro %}

{% macro bigquery__load_csv_rows(model, agate_table) -%}
    {%- do name_seed_types(model) -%}
    {{ return(dbt.bigquery__load_csv_rows(model, agate_table)) }}
{%- endmacro %}
