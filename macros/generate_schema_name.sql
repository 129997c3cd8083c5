{#- A schema is named as configured, without the target's name in front: readers find `marts` and nothing else. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name or target.schema }}
{%- endmacro %}
