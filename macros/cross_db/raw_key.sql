{#- An id as it is everywhere in the project: <crm>:<raw id>, null when the raw id is empty. -#}
{% macro raw_key(id) -%}
    (crm || ':' || {{ id }})
{%- endmacro %}
