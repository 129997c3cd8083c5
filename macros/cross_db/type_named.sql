{#- The warehouse's type for the name that the project's YAML and settings write: varchar and double have other names elsewhere. -#}
{% macro type_named(name) -%}
    {{ return({'varchar': text_type(), 'double': double_type()}.get(name, name)) }}
{%- endmacro %}
