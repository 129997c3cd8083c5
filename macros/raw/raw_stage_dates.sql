{#- Rows (crm, raw_row_number, record_id, stage_name, generation, entered_at) from the columns that bear a stage in their name:
    those that begin with a prefix (and end with the suffix). generation is the place of the prefix in the list. -#}
{% macro raw_stage_dates(relation, key, prefixes, suffix='') -%}
    {%- if not execute -%} {{ return('select 1 as nothing') }} {%- endif -%}
    {%- set layout, table, selects = relation.schema, relation.identifier, [no_stage_dates()] -%}
    {%- set field = raw_fields(layout, table) | selectattr('name', 'equalto', key) | first -%}
    {%- for crm in crms_of(layout) -%}
        {%- set found = find_raw_table(crm, table, layout) or {} -%}
        {%- set ids = field.names | select('in', found.columns or {}) | list -%}
        {%- for name, column in (found.columns or {}).items() if ids and name.endswith(suffix) -%}
            {%- for prefix in prefixes if name.startswith(prefix) and name | length > prefix | length + suffix | length -%}
                {%- set stage = name[prefix | length:name | length - suffix | length] -%}
                {%- do selects.append(stage_dates_of_column(crm, found, found.columns[ids[0]].sql, column, stage, loop.index)) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ selects | join('\n    union all\n') }}
{%- endmacro %}

{% macro no_stage_dates() -%}
    select '' as crm, cast(null as bigint) as raw_row_number, '' as record_id, '' as stage_name, 0 as generation, cast(null as timestamp) as entered_at
    where 1 = 0
{%- endmacro %}

{% macro stage_dates_of_column(crm, found, id, column, stage, generation) -%}
    select '{{ crm }}' as crm, raw_row_number, record_id, '{{ stage }}' as stage_name, {{ generation }} as generation, entered_at
    from (
        select
            {{ found.row_number }} as raw_row_number,
            trim(cast({{ id }} as varchar)) as record_id,
            {{ raw_cast(column.sql, column.type, 'timestamp') }} as entered_at
        from {{ found.rows }}
    ) as stage_dates
    where entered_at is not null
{%- endmacro %}
