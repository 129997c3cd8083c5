{#- Rows (crm, raw_row_number, record_id, stage_name, generation, entered_at) from the columns that bear a stage in their name:
    those that begin with a prefix (and end with the suffix). generation is the place of the prefix in the list, from 1. -#}
{% macro raw_stage_dates(relation, key='id', prefixes=[], suffix='') -%}
    {%- if not execute -%} {{ return('select 1 as nothing') }} {%- endif -%}
    {%- set layout, table, selects = relation.schema, relation.identifier, [] -%}
    {%- set field = raw_fields(layout, table) | selectattr('name', 'equalto', key) | first -%}
    {%- for crm in crms_of(layout) -%}
        {%- set found = find_raw_table(crm, table, layout) -%}
        {%- set stages = stage_columns(found.columns or {}, prefixes, suffix) -%}
        {%- if stages -%} {%- do selects.append(stage_dates_of(crm, found, field, stages)) -%} {%- endif -%}
    {%- endfor -%}
    {{ (selects or [no_stage_dates()]) | join('\n    union all\n') }}
{%- endmacro %}

{#- Dicts of column (normalised), type, stage and generation. -#}
{% macro stage_columns(columns, prefixes, suffix) -%}
    {%- set stages = [] -%}
    {%- for prefix in prefixes -%}
        {%- set generation = loop.index -%}
        {%- for name, column in columns.items() if name.startswith(prefix) and name.endswith(suffix) -%}
            {%- set stage = name[prefix | length:name | length - suffix | length] -%}
            {#- The stage of today under a name of its own. -#}
            {%- if stage not in ('', 'currentstage') -%}
                {%- do stages.append({'column': name, 'type': column.type, 'stage': stage, 'generation': generation}) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(stages) }}
{%- endmacro %}

{#- The table is read once, however many columns bear a stage. -#}
{% macro stage_dates_of(crm, found, field, stages) %}
    {%- set read, rows = {}, [] -%}
    {%- for stage in stages -%} {%- do rows.append([loop.index, "'" ~ raw_literal(stage.stage) ~ "'", stage.generation]) -%} {%- endfor -%}
    {%- for name in field.names + stages | map(attribute='column') | list if name in found.columns -%}
        {%- do read.update({name: found.columns[name]}) -%}
    {%- endfor %}
    select
        '{{ raw_literal(crm) }}' as crm, raw_row_number, record_id, stage_name, generation, entered_at
    from (
        select
            raw_row_number,
            {{ raw_first_filled(raw_values(field, found.columns), 'key') }} as record_id,
            stages.stage_name,
            stages.generation,
            case stages.place
                {%- for stage in stages %}
                when {{ loop.index }} then {{ raw_cast(quoted_column(stage.column), stage.type, 'timestamp') }}
                {%- endfor %}
            end as entered_at
        from {{ raw_rows(found, read) }} as raw_rows
        cross join {{ listed_rows('stages', ['place', 'stage_name', 'generation'], rows) }}
    ) as stage_dates
    where entered_at is not null
{%- endmacro %}

{% macro no_stage_dates() -%}
    select
        '' as crm, cast(null as bigint) as raw_row_number, '' as record_id, '' as stage_name, 0 as generation,
        cast(null as timestamp) as entered_at
    from {{ one_row() }}
    where 1 = 0
{%- endmacro %}
