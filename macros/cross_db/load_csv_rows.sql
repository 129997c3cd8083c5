{#- In place of dbt-duckdb's, which lets DuckDB guess what quotes a cell: 'a' in single quotes would lose them. -#}
{% macro duckdb__load_csv_rows(model, agate_table) -%}
    {%- set sql -%}
        copy {{ this.render() }} from '{{ raw_literal(adapter.get_seed_file_path(model)) }}'
        (format csv, header true, delimiter ',', quote '"', escape '"', auto_detect false)
    {%- endset -%}
    {%- do adapter.add_query(sql, abridge_sql_log=True) -%}
    {{ return(sql) }}
{%- endmacro %}
