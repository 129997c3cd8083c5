{#- Rows written out, as a relation to select from. columns: names; rows: lists of SQL, as many as there are columns. -#}
{% macro listed_rows(alias, columns, rows) -%} {{ return(adapter.dispatch('listed_rows')(alias, columns, rows)) }} {%- endmacro %}

{% macro default__listed_rows(alias, columns, rows) -%}
    (
        values
        {%- for row in rows %}
        ({{ row | join(', ') }}){{ ',' if not loop.last }}
        {%- endfor %}
    ) as {{ alias }} ({{ columns | join(', ') }})
{%- endmacro %}

{#- Where `values` makes no relation: one select per row, of which the first names the columns. -#}
{% macro bigquery__listed_rows(alias, columns, rows) -%}
    (
        {%- for row in rows %}
        select {% for value in row %}{{ value }} as {{ columns[loop.index0] }}{{ ', ' if not loop.last }}{% endfor %}
        {{ 'union all' if not loop.last }}
        {%- endfor %}
    ) as {{ alias }}
{%- endmacro %}

{% macro redshift__listed_rows(alias, columns, rows) -%} {{ return(bigquery__listed_rows(alias, columns, rows)) }} {%- endmacro %}
