{#- Raw text without the white space around it; nothing but white space is null. -#}
{% macro raw_text(text) -%}
    nullif(trim({{ text }}), '')
{%- endmacro %}
