{#- On DuckDB, whose files are ours alone, a schema is named as configured. Elsewhere the name of what is published stands before it. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ return(adapter.dispatch('schema_named', 'leadsignal')(custom_schema_name) if custom_schema_name else target.schema) }}
{%- endmacro %}

{% macro default__schema_named(name) -%} {{ return(target.schema ~ '_' ~ name) }} {%- endmacro %}

{% macro duckdb__schema_named(name) -%} {{ return(name) }} {%- endmacro %}
