{#- How names are compared: case, underscores and spaces do not count. Takes a list, for one call is one per table. -#}
{% macro normalised_names(names) -%}
    {{ return((names | join('\n') | lower | replace('_', '') | replace(' ', '')).split('\n')) }}
{%- endmacro %}
