{#- Text as words for whole-word matching: lower case, everything that is no letter or digit a space, a space at both ends. -#}
{% macro words(text) -%}
    {{ return(adapter.dispatch('words')(text)) }}
{%- endmacro %}

{% macro default__words(text) -%}
    (' ' || trim(regexp_replace(lower({{ text }}), '[^[:alnum:]]+', ' ', 'g')) || ' ')
{%- endmacro %}

{% macro duckdb__words(text) -%}
    (' ' || trim(regexp_replace(lower({{ text }}), '[^\p{L}\p{N}]+', ' ', 'g')) || ' ')
{%- endmacro %}
