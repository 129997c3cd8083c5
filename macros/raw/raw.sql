{#- Every row of one raw table over all CRMs of the layout (the source's name), columns found by name and cast as the source's
    YAML says. Adds crm, raw_row_number (order of reading), the loader's marks, has_id, has_created_date, created_date_text. -#}
{% macro raw(relation) -%}
    {%- if not execute -%} {{ return('select 1 as nothing') }} {%- endif -%}
    {%- set layout, table, selects = relation.schema, relation.identifier, [] -%}
    {%- for crm, crm_layout in var('crms').items() if crm_layout == layout -%}
        {%- set found = find_raw_table(crm, table) -%}
        {%- do check_raw_table(layout, crm, table, found) -%}
        {%- do found.update({'has_long_ids': found and raw_has_long_ids(crm)}) -%}
        {%- do selects.append(raw_select(layout, crm, table, found)) -%}
    {%- endfor -%}
    {{ (selects or [raw_select(layout, '', table, {})]) | join('\n    union all\n') }}
{%- endmacro %}
