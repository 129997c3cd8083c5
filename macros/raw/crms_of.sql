{#- The names of the CRMs of a layout. The setting `crms` is a mapping name -> layout, a list of names, or empty: then every
    folder (schema) is looked at. A layout is told by the beginning of the name, else by the tables. -#}
{% macro crms_of(layout) -%}
    {%- set crms = [] -%}
    {%- for crm, told in crm_layouts().items() if told == layout -%} {%- do crms.append(crm) -%} {%- endfor -%}
    {{ return(crms) }}
{%- endmacro %}

{#- Name -> layout of every CRM that is read; '' where nothing tells it, 'a or b' where tables tell two of them. -#}
{% macro crm_layouts() -%}
    {%- if not execute -%} {{ return({}) }} {%- endif -%}
    {%- set named, layouts = var('crms', none) or {}, {} -%}
    {%- if named is mapping and named -%} {{ return(named) }} {%- endif -%}
    {%- set there, all_layouts, known = raw_tables_by_crm(), raw_layouts(), [] -%}
    {%- for crm in ([named] if named is string else named or there) -%}
        {%- set tables, by_name = there.get(crm, []), layout_by_name(crm, all_layouts) -%}
        {#- What only begins like a layout, and was not asked for, must have what the layout cannot do without. -#}
        {%- set is_sure = named or by_name == crm | lower or by_name in layouts_by_tables(tables, known) -%}
        {%- do layouts.update({crm: (by_name if is_sure else '') if by_name else layout_by_tables(tables, known)}) -%}
    {%- endfor -%}
    {{ return(layouts) }}
{%- endmacro %}

{% macro raw_layouts() -%} {{ return(graph.sources.values() | map(attribute='source_name') | unique | sort) }} {%- endmacro %}

{% macro layout_by_name(crm, layouts) -%}
    {%- set name = crm.split('/')[-1] | lower -%}
    {%- for layout in layouts if name.startswith(layout) -%} {{ return(layout) }} {%- endfor -%}
    {{ return('') }}
{%- endmacro %}

{#- The layout that knows most of the tables, of those that find a table which they cannot do without. -#}
{% macro layout_by_tables(tables, known) -%}
    {%- set able, best = layouts_by_tables(tables, known), [] -%}
    {%- for name in able | sort if able[name] >= able[(best + [name])[0]] -%}
        {%- if able[name] > able[(best + [name])[0]] -%} {%- do best.clear() -%} {%- endif -%}
        {%- do best.append(name) -%}
    {%- endfor -%}
    {{ return(best | join(' or ')) }}
{%- endmacro %}

{#- Layouts that find a table which they cannot do without -> how many of the tables they know. `known` is filled when first asked. -#}
{% macro layouts_by_tables(tables, known) -%}
    {%- if not known -%} {%- do known.extend(known_raw_tables()) -%} {%- endif -%}
    {%- set counts, able = {}, {} -%}
    {%- for table in known -%}
        {%- set is_there = table.names | select('in', tables) | list | length > 0 -%}
        {%- do counts.update({table.layout: counts.get(table.layout, 0) + is_there}) -%}
        {%- if is_there and table.is_required or table.or_else and table.or_else in tables -%}
            {%- do able.update({table.layout: 0}) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for layout in able -%} {%- do able.update({layout: counts[layout]}) -%} {%- endfor -%}
    {{ return(able) }}
{%- endmacro %}

{#- Every table that a layout may have: dicts of layout, names (normalised), is_required and or_else (the table that does instead). -#}
{% macro known_raw_tables() -%}
    {%- set known = [] -%}
    {%- for source in graph.sources.values() -%}
        {%- do known.append({
            'layout': source.source_name, 'names': raw_table_names(source), 'is_required': source.config.meta.get('required', false),
            'or_else': normalised_names([source.config.meta.get('required_unless', '')])[0]}) -%}
    {%- endfor -%}
    {{ return(known) }}
{%- endmacro %}

{#- Normalised names of the tables that are there: name of the folder (schema) -> names. -#}
{% macro raw_tables_by_crm() -%}
    {%- set known = looked_up() -%}
    {%- if 'tables' not in known -%} {%- do known.update({'tables': adapter.dispatch('raw_tables_by_crm')()}) -%} {%- endif -%}
    {{ return(known.tables) }}
{%- endmacro %}

{% macro default__raw_tables_by_crm() -%}
    {%- set tables = {} -%}
    {%- for row in run_query('select table_schema, table_name from ' ~ listed_tables() ~ ' order by 1, 2').rows
        if not row[0].lower().startswith((target.schema.lower(), 'pg_', 'information_schema')) -%}
        {%- do tables.setdefault(row[0], []).extend(normalised_names([row[1]])) -%}
    {%- endfor -%}
    {{ return(tables) }}
{%- endmacro %}

{% macro listed_tables() -%} {{ return(adapter.dispatch('listed_tables')()) }} {%- endmacro %}
{% macro default__listed_tables() -%} {{ return('information_schema.tables') }} {%- endmacro %}
{% macro bigquery__listed_tables() -%}
    {{ return('`' ~ target.database ~ '`.`region-' ~ (target.location or 'us') | lower ~ '`.INFORMATION_SCHEMA.TABLES') }}
{%- endmacro %}

{% macro duckdb__raw_tables_by_crm() -%}
    {%- set tables = {} -%}
    {%- for row in run_query(raw_files_query(raw_root() ~ '/', '*/')).rows -%}
        {%- do tables.setdefault(row[2], []).append(row[1]) -%}
    {%- endfor -%}
    {{ return(tables) }}
{%- endmacro %}

{#- Spark lists tables a schema at a time. -#}
{% macro spark__raw_tables_by_crm() -%}
    {%- set tables = {} -%}
    {%- for row in run_query('show schemas').rows if not row[0].startswith(target.schema) -%}
        {%- do tables.update({row[0]: spark__raw_tables_there(row[0])}) -%}
    {%- endfor -%}
    {{ return(tables) }}
{%- endmacro %}
