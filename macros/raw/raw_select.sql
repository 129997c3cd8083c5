{#- One raw table of one CRM as typed columns; no row when the CRM does not have the table. -#}
{% macro raw_select(layout, crm, table, found) -%}
    {%- set columns, read, selected = found.columns or {}, {}, [] -%}
    {%- for field in raw_marks() + raw_fields(layout, table) -%}
        {%- set values = raw_values(field, columns, found.has_long_ids) -%}
        {%- do selected.append(raw_first_filled(values, field.type) ~ ' as ' ~ field.name) -%}
        {%- if field.name == 'created_date' -%}
            {%- set texts = raw_values(dict(field, type='varchar'), columns) -%}
            {%- do selected.append(raw_first_filled(texts, 'varchar') ~ ' as created_date_text') -%}
        {%- endif -%}
        {%- for name in field.names if name in columns -%} {%- do read.update({name: columns[name]}) -%} {%- endfor -%}
    {%- endfor %}
    select
        '{{ crm }}' as crm,
        raw_row_number,
        {{ 'id' in columns }} as has_id,
        {{ 'createddate' in columns }} as has_created_date,
        {{ selected | join(',\n        ') }}
    from {{ raw_rows(found, read) if found.rows else '(select cast(null as bigint) as raw_row_number where 1 = 0) as no_rows' }}
{%- endmacro %}

{#- The rows as they are found, only the columns that are read, text trimmed. -#}
{% macro raw_rows(found, read) -%}
    {%- set selected = [found.row_number ~ ' as raw_row_number'] -%}
    {%- for name, column in read.items() -%}
        {%- set value = raw_text(column.sql) if raw_type_is(column.type, raw_text_types()) else column.sql -%}
        {%- do selected.append(value ~ ' as ' ~ adapter.quote(name)) -%}
    {%- endfor -%}
    (
        select
        {{ selected | join(',\n        ') }}
        from {{ found.rows }}
    ) as raw_rows
{%- endmacro %}
