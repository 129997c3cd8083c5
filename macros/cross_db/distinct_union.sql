{#- `union` that keeps each row once, between two selects; BigQuery wants that said. -#}
{% macro distinct_union() -%} {{ return(adapter.dispatch('distinct_union')()) }} {%- endmacro %}
{% macro default__distinct_union() -%} {{ return('union') }} {%- endmacro %}
{% macro bigquery__distinct_union() -%} {{ return('union distinct') }} {%- endmacro %}
