{#- Where a raw table is and what it holds: a dict of rows (SQL to select from), row_number (SQL), columns (name -> dict of sql
    and type) and place (for messages); empty when the CRM does not have it. -#}
{% macro find_raw_table(crm, table, layout) -%}
    {%- set known, question = looked_up(), ('table', crm, table, layout) -%}
    {%- if question not in known -%} {%- do known.update({question: look_for_raw_table(crm, table, layout)}) -%} {%- endif -%}
    {{ return(known[question]) }}
{%- endmacro %}

{% macro look_for_raw_table(crm, table, layout) -%}
    {%- for source in graph.sources.values() if source.source_name == layout and source.name == table -%}
        {%- if crm in var('raw_described', {}) -%} {{ return(described_raw_table(crm, source)) }} {%- endif -%}
        {{ return(adapter.dispatch('find_raw_table')(crm, raw_table_names(source)) or {}) }}
    {%- endfor -%}
    {{ return({}) }}
{%- endmacro %}

{#- Every table of a layout -> what `find_raw_table` says of it in this CRM; a table that is not there is not looked for. -#}
{% macro raw_tables_of(crm, layout) -%}
    {%- set is_described, found = crm in var('raw_described', {}), {} -%}
    {%- set there = [] if is_described else raw_tables_there(crm) -%}
    {%- for source in graph.sources.values() if source.source_name == layout -%}
        {%- set is_there = is_described or raw_table_names(source) | select('in', there) | list | length > 0 -%}
        {%- do found.update({source.name: find_raw_table(crm, source.name, layout) if is_there else {}}) -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}

{#- Normalised names of the tables of a CRM. -#}
{% macro raw_tables_there(crm) -%} {{ return(adapter.dispatch('raw_tables_there')(crm)) }} {%- endmacro %}

{% macro default__raw_tables_there(crm) -%}
    {%- set query = raw_relations_query(var(crm ~ '_database', none), var(crm ~ '_schema', crm)) -%}
    {{ return(normalised_names(run_query(query).columns[0].values())) }}
{%- endmacro %}

{% macro duckdb__raw_tables_there(crm) -%}
    {{ return(run_query(raw_files_query(raw_folder(crm) ~ '/')).columns[1].values()) }}
{%- endmacro %}

{% macro spark__raw_tables_there(crm) -%}
    {{ return(normalised_names(spark_table_names(var(crm ~ '_schema', crm)))) }}
{%- endmacro %}

{#- The normalised names that a table may have. -#}
{% macro raw_table_names(source) -%}
    {{ return(normalised_names([source.name]) + source.config.meta.get('also', [])) }}
{%- endmacro %}

{% macro default__find_raw_table(crm, names) -%}
    {%- set database, schema = var(crm ~ '_database', none), var(crm ~ '_schema', crm) -%}
    {%- for row in run_query(raw_relations_query(database, schema)).rows -%}
        {%- if normalised_names([row['table_name']])[0] in names -%}
            {%- set named = api.Relation.create(database or target.database, row['table_schema'], row['table_name']) -%}
            {%- set relation = named.quote(schema=true, identifier=true) -%}
            {{ return(read_raw_relation(relation, row['table_type'] == 'BASE TABLE')) }}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro %}

{% macro spark__find_raw_table(crm, names) -%}
    {%- set schema = var(crm ~ '_schema', crm) -%}
    {%- for name in spark_table_names(schema) if normalised_names([name])[0] in names -%}
        {{ return(read_raw_relation(api.Relation.create(schema=schema, identifier=name))) }}
    {%- endfor -%}
{%- endmacro %}

{#- Names of the tables and views of a schema of Spark, which has no information_schema. -#}
{% macro spark_table_names(schema) -%}
    {%- set names = [] -%}
    {%- for row in run_query('show tables in ' ~ adapter.quote(schema)).rows if not row[2] -%} {%- do names.append(row[1]) -%} {%- endfor -%}
    {{ return(names) }}
{%- endmacro %}

{% macro raw_relations_query(database, schema) -%}
    {{ return(adapter.dispatch('raw_relations_query')(database, schema)) }}
{%- endmacro %}

{% macro default__raw_relations_query(database, schema) -%}
    select
        table_name as {{ adapter.quote('table_name') }},
        table_schema as {{ adapter.quote('table_schema') }},
        table_type as {{ adapter.quote('table_type') }}
    from {{ database ~ '.' if database }}information_schema.tables
    where lower(table_schema) = '{{ raw_literal(schema | lower) }}' order by 1
{%- endmacro %}

{#- There each dataset lists its own tables. -#}
{% macro bigquery__raw_relations_query(database, schema) -%}
    select table_name, table_schema, table_type
    from `{{ database or target.database }}`.`{{ schema }}`.INFORMATION_SCHEMA.TABLES
    order by 1
{%- endmacro %}

{% macro read_raw_relation(relation, is_table) -%}
    {%- set found = {} -%}
    {%- for column in adapter.get_columns_in_relation(relation) -%}
        {%- do found.update({column.name: {'sql': quoted_column(column.name), 'type': column.dtype | lower}}) -%}
    {%- endfor -%}
    {{ return({
        'rows': relation, 'row_number': raw_relation_row_number(is_table), 'place': relation | string,
        'columns': raw_columns_by_name(found)
    }) }}
{%- endmacro %}

{#- The order of reading, where a home keeps one. -#}
{% macro raw_relation_row_number(is_table) -%} {{ return(adapter.dispatch('raw_relation_row_number')(is_table)) }} {%- endmacro %}
{% macro default__raw_relation_row_number(is_table) -%} {{ return('cast(null as bigint)') }} {%- endmacro %}
{% macro postgres__raw_relation_row_number(is_table) -%} {{ return('row_number() over (' ~ ('order by ctid' if is_table) ~ ')') }} {%- endmacro %}
{% macro redshift__raw_relation_row_number(is_table) -%} {{ return('cast(null as bigint)') }} {%- endmacro %}
{#- Spark's numbers have gaps, and follow the order of rows within each file. -#}
{% macro spark__raw_relation_row_number(is_table) -%} {{ return('monotonically_increasing_id()') }} {%- endmacro %}

{% macro duckdb__find_raw_table(crm, names) -%}
    {%- set files = raw_files(crm, names) -%}
    {%- if files | length > 1 -%}
        {%- do exceptions.raise_compiler_error('Two files hold one table: ' ~ files | join(' and ') ~ '. Keep one of them.') -%}
    {%- elif files -%}
        {{ return(read_raw_parquet(files[0]) if files[0].endswith('.parquet') else read_raw_csv(files[0])) }}
    {%- endif -%}
{%- endmacro %}

{#- Columns by their normalised name. Of two that normalise alike, one without a prefix counts before one with it, one in snake
    case before others, else the first. -#}
{% macro raw_columns_by_name(found) -%}
    {%- set columns, bare, prefixed = {}, [], [] -%}
    {%- for name in (found | select('lower') | sort) + (found | reject('lower') | list) -%}
        {%- do (prefixed if name.lower().startswith(('property_', 'properties_')) else bare).append(name) -%}
    {%- endfor -%}
    {%- set names = bare + prefixed -%}
    {%- set normalised = normalised_columns(names) -%}
    {%- for name in names -%} {%- do columns.setdefault(normalised[loop.index0], found[name]) -%} {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}

{#- Whether the ids of the leads are in their form of 18 characters (long) or of 15 (short), told by a look at them: ids in the
    other form are brought to it. Empty where they are in neither. -#}
{% macro raw_id_form(crm) -%}
    {%- set known, question = looked_up(), ('form of ids', crm) -%}
    {%- if question not in known -%} {%- do known.update({question: look_for_id_form(crm)}) -%} {%- endif -%}
    {{ return(known[question]) }}
{%- endmacro %}

{% macro look_for_id_form(crm) -%}
    {%- if crm in var('raw_described', {}) -%} {{ return('long') }} {%- endif -%}
    {%- set lead = find_raw_table(crm, 'lead', 'salesforce') -%}
    {%- if 'id' not in (lead.columns or {}) -%} {{ return('') }} {%- endif -%}
    {%- set id = 'cast(' ~ lead.columns['id'].sql ~ ' as ' ~ text_type() ~ ')' -%}
    {%- set query = 'select max(length(id)) from (select ' ~ id ~ ' as id from ' ~ lead.rows ~ ' limit 100000) as leads where length(id) in (15, 18)' -%}
    {{ return({15: 'short', 18: 'long'}.get(run_query(query).columns[0].values()[0], '')) }}
{%- endmacro %}
