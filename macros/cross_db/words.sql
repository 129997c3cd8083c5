{#- Text as words for whole-word matching: lower case, everything that is no letter or digit a space, a space at both ends. -#}
{% macro words(text) -%}
    (' ' || trim(regexp_replace(lower({{ text }}), {{ adapter.dispatch('all_but_words')() }})) || ' ')
{%- endmacro %}

{#- What regexp_replace is told: every stretch that is no letter or digit becomes a space. Where the pattern says alnum, letters
    beyond ASCII may end words; rules and texts are read alike. -#}
{% macro default__all_but_words() -%} {{ return("'[^[:alnum:]]+', ' ', 'g'") }} {%- endmacro %}
{% macro duckdb__all_but_words() -%} {{ return("'[^\\p{L}\\p{N}]+', ' ', 'g'") }} {%- endmacro %}
{% macro snowflake__all_but_words() -%} {{ return("'[^[:alnum:]]+', ' '") }} {%- endmacro %}
{% macro redshift__all_but_words() -%} {{ return("'[^[:alnum:]]+', ' '") }} {%- endmacro %}
{% macro trino__all_but_words() -%} {{ return("'[^\\p{L}\\p{N}]+', ' '") }} {%- endmacro %}
{% macro bigquery__all_but_words() -%} {{ return("r'[^\\p{L}\\p{N}]+', ' '") }} {%- endmacro %}
{% macro spark__all_but_words() -%} {{ return("r'[^\\p{L}\\p{N}]+', ' '") }} {%- endmacro %}
