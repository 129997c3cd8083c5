{#- How raw values are compared: trimmed and in lower case. -#}
{% macro folded(text) -%}
    lower(trim({{ text }}))
{%- endmacro %}
