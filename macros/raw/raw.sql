{#- Every row of one raw table over all CRMs of the layout (the source's name), columns found by name and cast as the source's
    YAML says. Adds crm, raw_row_number (order of reading), the loader's marks, `<column>_text` of columns that keep their
    text and `has_<column>` of those that tell whether the table has them, and is_forgotten: the row is of someone who asked for
    that, and empty. only: the columns wanted, where not all are. -#}
{% macro raw(relation, only=none) -%}
    {%- do ref('stg_forgotten__people') -%}
    {%- if not execute -%} {{ return('select 1 as nothing') }} {%- endif -%}
    {%- set layout, table, selects = relation.schema, relation.identifier, [] -%}
    {%- set persons = person_columns(layout, table) if forgotten_list() else {} -%}
    {%- set wanted = only + persons.keys() | list if only else none -%}
    {%- for crm in crms_of(layout) -%}
        {%- set found = find_raw_table(crm, table, layout) -%}
        {%- if not only -%} {%- do check_raw_table(layout, crm, table, found) -%} {%- endif -%}
        {%- do selects.append(raw_select(layout, crm, table, found, wanted)) -%}
    {%- endfor -%}
    {%- set rows = (selects or [raw_select(layout, '', table, {}, wanted)]) | join('\n    union all\n') -%}
    {{ remembered_rows(rows, layout, table, persons, only) if persons else rows }}
{%- endmacro %}

{#- One raw table of one CRM as typed columns; no row when the CRM does not have the table. -#}
{% macro raw_select(layout, crm, table, found, only) -%}
    {%- set columns, read, selected = dict(found.columns or {}), {}, [] -%}
    {%- set ids = {} -%}
    {%- set id_form = raw_id_form(crm) if found and layout == 'salesforce' else '' -%}
    {%- if raw_keeps_versions(layout, table) -%} {%- do columns.pop('fivetranactive', none) -%} {%- endif -%}
    {%- for field in raw_marks() + raw_fields(layout, table, only) -%}
        {%- set values = raw_values(field, columns, id_form) -%}
        {%- do selected.append(raw_first_filled(values, field.type) ~ ' as ' ~ column_name(field.name)) -%}
        {%- if field.keeps_text -%}
            {%- set texts = raw_values(dict(field, type='varchar'), columns) -%}
            {%- do selected.append(raw_first_filled(texts, 'varchar') ~ ' as ' ~ field.name ~ '_text') -%}
        {%- endif -%}
        {%- if field.tells_presence -%}
            {%- do selected.append((field.names | select('in', columns) | list | length > 0) ~ ' as has_' ~ field.name) -%}
        {%- endif -%}
        {%- for name in field.names if name in columns -%}
            {%- do read.update({name: columns[name]}) -%}
            {%- if field.type == 'key' and id_form -%} {%- do ids.update({name: columns[name]}) -%} {%- endif -%}
        {%- endfor -%}
    {%- endfor %}
    select
        '{{ raw_literal(crm) }}' as crm,
        raw_row_number,
        false as is_forgotten,
        {{ selected | join(',\n        ') }}
    from {{ raw_rows_with_ids(found, read, ids) if ids else raw_rows(found, read) }} as raw_rows
{%- endmacro %}

{#- Whether versions that are no longer active are history, as the source's YAML says. -#}
{% macro raw_keeps_versions(layout, table) -%}
    {%- for source in graph.sources.values() if source.source_name == layout and source.name == table -%}
        {{ return(source.config.meta.get('keeps_versions', false)) }}
    {%- endfor -%}
{%- endmacro %}

{#- The same with what is read as an id beside each such column: it is asked for several times, and worked out once. -#}
{% macro raw_rows_with_ids(found, read, ids) -%}
    (
        select
        {%- for name, column in ids.items() %}
        {{ raw_cast(quoted_column(name), column.type, 'key') }} as {{ quoted_column(name ~ '_id') }},
        {%- endfor %}
        texts.*
        from {{ raw_rows(found, read) }} as texts
    )
{%- endmacro %}

{#- The rows as they are found, only the columns that are read, text trimmed. -#}
{% macro raw_rows(found, read) -%}
    {%- if not found.rows -%} {{ return('(select cast(null as bigint) as raw_row_number from ' ~ one_row() ~ ' where 1 = 0)') }} {%- endif -%}
    {%- set selected = [found.row_number ~ ' as raw_row_number'] -%}
    {%- for name, column in read.items() -%}
        {%- set value = raw_text(column.sql) if raw_type_is(column.type, raw_text_types()) else column.sql -%}
        {%- do selected.append(value ~ ' as ' ~ quoted_column(name)) -%}
    {%- endfor -%}
    (
        select
        {{ selected | join(',\n        ') }}
        from {{ found.rows }}
    )
{%- endmacro %}
