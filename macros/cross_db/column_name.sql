{#- A column's name as SQL, quoted where the warehouse keeps the word for itself. -#}
{% macro column_name(name) -%} {{ return(adapter.dispatch('column_name')(name)) }} {%- endmacro %}
{% macro default__column_name(name) -%} {{ return(name) }} {%- endmacro %}
{% macro redshift__column_name(name) -%} {{ return(adapter.quote(name) if name == 'timestamp' else name) }} {%- endmacro %}

{% macro column_names(names) -%}
    {%- set written = [] -%}
    {%- for name in names -%} {%- do written.append(column_name(name)) -%} {%- endfor -%}
    {{ return(written) }}
{%- endmacro %}
