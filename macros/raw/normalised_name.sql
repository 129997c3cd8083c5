{#- How names are compared: case, underscores and spaces do not count. -#}
{% macro normalised_name(name) -%}
    {{ return(name | lower | replace('_', '') | replace(' ', '')) }}
{%- endmacro %}
