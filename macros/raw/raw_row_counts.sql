{#- How many rows each raw table of a layout holds, one row per CRM and table that was found: counted in the table itself, not
    in what staging made of it. -#}
{% macro raw_row_counts(layout) -%}
    {%- set counts = ["select '' as crm, '' as raw_table, 0 as raw_rows from " ~ one_row() ~ " where 1 = 0"] -%}
    {%- for crm in crms_of(layout) -%}
        {%- for table, found in raw_tables_of(crm, layout).items() if found -%}
            {%- do counts.append("select '" ~ raw_literal(crm) ~ "' as crm, '" ~ table ~ "' as raw_table, count(*) as raw_rows from " ~ found.rows) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ counts | join('\n    union all\n    ') }}
{%- endmacro %}
