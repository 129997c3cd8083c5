{#- How dbt-duckdb loads a seed, but nothing is guessed: an apostrophe in a seed may be taken for a quote, one in the path of the
    project for the end of the path. -#}
{% macro duckdb__load_csv_rows(model, agate_table) -%}
    {%- set sql -%}
        copy {{ this.render() }} from '{{ raw_literal(adapter.get_seed_file_path(model)) }}'
        (format csv, auto_detect false, header true, delimiter ',', quote '"', escape '"')
    {%- endset -%}
    {%- do adapter.add_query(sql, abridge_sql_log=true) -%}
    {{ return(sql) }}
{%- endmacro %}
