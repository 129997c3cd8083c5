{#- What this run has found out about raw tables, by question: every model asks the same of the same tables, and dbt renders each of
    them on its own. `graph` is the one dict that all of them are given as it is. -#}
{% macro looked_up() -%} {{ return(graph.setdefault('looked_up_' ~ invocation_id, {})) }} {%- endmacro %}
