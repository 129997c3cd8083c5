{#- Whether a pattern is found in a text. Patterns have no backslashes and no named classes, which not all engines read alike. -#}
{% macro holds_pattern(text, pattern) -%} {{ return(adapter.dispatch('holds_pattern')(text, pattern)) }} {%- endmacro %}
{% macro default__holds_pattern(text, pattern) -%} {{ return("regexp_replace(" ~ text ~ ", '" ~ pattern ~ "', '') <> " ~ text) }} {%- endmacro %}
{% macro duckdb__holds_pattern(text, pattern) -%} {{ return("regexp_matches(" ~ text ~ ", '" ~ pattern ~ "')") }} {%- endmacro %}
