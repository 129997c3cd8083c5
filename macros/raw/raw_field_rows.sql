{#- Rows (crm, raw_table, column_name, is_found, is_required) of what is read of every CRM of a layout, as lists of SQL; the row of a
    table itself has no column_name. -#}
{% macro raw_field_rows(layout) -%}
    {%- if execute -%} {%- do check_crm_settings(layout) -%} {%- endif -%}
    {%- set rows = [] -%}
    {%- for crm in crms_of(layout) -%}
        {%- set found = raw_tables_of(crm, layout) -%}
        {%- for source in graph.sources.values() if source.source_name == layout -%}
            {%- set columns = found[source.name].columns or {} -%}
            {%- do rows.append(raw_field_row(crm, source.name, none, columns | length > 0, source.config.meta.required)) -%}
            {%- for field in raw_fields(layout, source.name) -%}
                {%- set is_found = field.names | select('in', columns) | list | length > 0 -%}
                {%- do rows.append(raw_field_row(crm, source.name, field.name, is_found, field.is_required)) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(rows or [raw_field_row('', '', none, false, false)]) }}
{%- endmacro %}

{% macro raw_field_row(crm, table, column, is_found, is_required) -%}
    {%- set name = "'" ~ column ~ "'" if column else 'cast(null as ' ~ text_type() ~ ')' -%}
    {{ return(["'" ~ raw_literal(crm) ~ "'", "'" ~ table ~ "'", name, is_found, is_required or false]) }}
{%- endmacro %}
