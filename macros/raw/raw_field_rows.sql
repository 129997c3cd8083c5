{#- Rows (crm, raw_table, column_name, is_found, is_required, named_as) of what is read of every CRM of a layout, as lists of SQL; the
    row of a table itself has no column_name. -#}
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
                {%- do rows.append(raw_field_row(crm, source.name, field.name, is_found, field.is_required, field.named_as)) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(rows or [raw_field_row('', '', none, false, false)]) }}
{%- endmacro %}

{% macro raw_field_row(crm, table, column, is_found, is_required, named_as=none) -%}
    {{ return([
        literal_or_null(crm), literal_or_null(table), literal_or_null(column), is_found, is_required or false,
        literal_or_null(named_as),
    ]) }}
{%- endmacro %}

{#- A text as SQL; null for none. -#}
{% macro literal_or_null(text) -%}
    {{ return('cast(null as ' ~ text_type() ~ ')' if text is none else "'" ~ raw_literal(text) ~ "'") }}
{%- endmacro %}
