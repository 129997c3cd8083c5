{#- One raw table of one CRM as typed columns; no row when the CRM does not have the table. -#}
{% macro raw_select(layout, crm, table, found) -%}
    {%- set columns = found.columns if found else {} -%}
    {%- set selected = [
        "'" ~ crm ~ "' as crm",
        (found.row_number if found else 'cast(null as bigint)') ~ ' as raw_row_number',
        ('id' in columns) ~ ' as has_id',
        ('createddate' in columns) ~ ' as has_created_date',
    ] -%}
    {%- for field in raw_marks() + raw_fields(layout, table) -%}
        {%- do selected.append(raw_value(field, columns) ~ ' as ' ~ field.name) -%}
        {%- if field.name == 'created_date' -%}
            {%- do selected.append(raw_value(dict(field, type='varchar'), columns) ~ ' as created_date_text') -%}
        {%- endif -%}
    {%- endfor %}
    select
        {{ selected | join(',\n        ') }}
    from {{ found.rows if found else '(select 1 as nothing) as no_table where false' }}
{%- endmacro %}
