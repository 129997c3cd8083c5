{#- A relation of one row, for selects of nothing: some warehouses know no `where` without a `from`. -#}
{% macro one_row() -%} {{ return('(select 1 as one) as one_row') }} {%- endmacro %}
