{#- dbt's own for Spark knows no order; Spark 4 does. Takes the place of dbt's macro of this name. -#}
{% macro spark__listagg(measure, delimiter_text, order_by_clause, limit_num) -%}
    listagg({{ measure }}, {{ delimiter_text }}) within group ({{ order_by_clause }})
{%- endmacro %}
