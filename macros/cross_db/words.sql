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

{#- Letters beyond ASCII may end words there; rules and texts are read alike. -#}
{% macro snowflake__words(text) -%}
    (' ' || trim(regexp_replace(lower({{ text }}), '[^[:alnum:]]+', ' ')) || ' ')
{%- endmacro %}

{% macro redshift__words(text) -%}
    (' ' || trim(regexp_replace(lower({{ text }}), '[^[:alnum:]]+', ' ')) || ' ')
{%- endmacro %}

{% macro bigquery__words(text) -%}
    (' ' || trim(regexp_replace(lower({{ text }}), r'[^\p{L}\p{N}]+', ' ')) || ' ')
{%- endmacro %}

{% macro trino__words(text) -%}
    (' ' || trim(regexp_replace(lower({{ text }}), '[^\p{L}\p{N}]+', ' ')) || ' ')
{%- endmacro %}

{% macro spark__words(text) -%}
    (' ' || trim(regexp_replace(lower({{ text }}), r'[^\p{L}\p{N}]+', ' ')) || ' ')
{%- endmacro %}
