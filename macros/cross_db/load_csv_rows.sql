{#- How dbt-duckdb loads a seed, but for a quote in the path of the project, which it takes for the end of the path. -#}
{% macro duckdb__load_csv_rows(model, agate_table) -%}
    {%- set sql -%}
        copy {{ this.render() }} from '{{ raw_literal(adapter.get_seed_file_path(model)) }}' (format csv, header true, delimiter ',')
    {%- endset -%}
    {%- do adapter.add_query(sql, abridge_sql_log=true) -%}
    {{ return(sql) }}
{%- endmacro %}
