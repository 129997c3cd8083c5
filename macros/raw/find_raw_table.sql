{#- Where a raw table is and what it holds: a dict of rows (SQL to select from), row_number (SQL), columns (normalised name ->
    dict of sql and type) and place (for messages); empty when the CRM does not have it. -#}
{% macro find_raw_table(crm, table) -%}
    {%- set names = [normalised_name(table)] + {'user': ['sfuser', 'users']}.get(table, []) -%}
    {{ return(adapter.dispatch('find_raw_table')(crm, names) or {}) }}
{%- endmacro %}

{% macro default__find_raw_table(crm, names) -%}
    {%- set database = var(crm ~ '_database', target.database) -%}
    {%- set place = api.Relation.create(database=database, schema=var(crm ~ '_schema', crm)) -%}
    {%- for relation in adapter.list_relations_without_caching(place) if normalised_name(relation.identifier) in names -%}
        {%- set columns = {} -%}
        {%- for column in adapter.get_columns_in_relation(relation) -%}
            {%- do columns.setdefault(normalised_name(column.name), {'sql': adapter.quote(column.name), 'type': column.dtype}) -%}
        {%- endfor -%}
        {{ return({'rows': relation, 'row_number': 'cast(null as bigint)', 'columns': columns, 'place': relation | string}) }}
    {%- endfor -%}
{%- endmacro %}

{% macro duckdb__find_raw_table(crm, names) -%}
    {%- set files = raw_files(crm, names) -%}
    {%- if files | length > 1 -%}
        {%- do exceptions.raise_compiler_error('Two files hold one table: ' ~ files | join(' and ') ~ '. Keep one of them.') -%}
    {%- elif files -%}
        {{ return(read_raw_parquet(files[0]) if files[0].endswith('.parquet') else read_raw_csv(files[0])) }}
    {%- endif -%}
{%- endmacro %}
