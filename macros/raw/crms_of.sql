{#- The names of the CRMs of a layout, by the setting `crms`: a mapping name -> layout, a list of names, or empty: every folder
    (schema) that is a CRM. -#}
{% macro crms_of(layout) -%}
    {%- set crms = [] -%}
    {%- for crm, found in crm_layouts().items() if found == layout -%} {%- do crms.append(crm) -%} {%- endfor -%}
    {{ return(crms) }}
{%- endmacro %}

{#- Name -> layout of every CRM that is read. -#}
{% macro crm_layouts() -%}
    {%- if not execute -%} {{ return({}) }} {%- endif -%}
    {%- set named, layouts = var('crms', none) or raw_crm_names(), {} -%}
    {%- if named is mapping -%} {{ return(named) }} {%- endif -%}
    {%- for crm in ([named] if named is string else named) -%}
        {%- set layout = layout_by_name(crm) or layout_by_tables(crm) -%}
        {%- if layout -%} {%- do layouts.update({crm: layout}) -%} {%- endif -%}
    {%- endfor -%}
    {{ return(layouts) }}
{%- endmacro %}

{% macro raw_layouts() -%} {{ return(graph.sources.values() | map(attribute='source_name') | unique | list) }} {%- endmacro %}

{% macro layout_by_name(crm) -%}
    {%- for layout in raw_layouts() if (crm | lower).startswith(layout) -%} {{ return(layout) }} {%- endfor -%}
{%- endmacro %}

{#- A layout whose required table is there. -#}
{% macro layout_by_tables(crm) -%}
    {%- for source in graph.sources.values() if source.config.meta.get('required') -%}
        {%- for table in [source.name, source.config.meta.get('required_unless')] if table -%}
            {%- if find_raw_table(crm, table, source.source_name) -%} {{ return(source.source_name) }} {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
{%- endmacro %}

{% macro raw_crm_names() -%} {{ return(adapter.dispatch('raw_crm_names')()) }} {%- endmacro %}

{% macro default__raw_crm_names() -%}
    {%- set names = [] -%}
    {%- for row in run_query('select schema_name from information_schema.schemata order by 1').rows -%}
        {%- if layout_by_name(row[0]) -%} {%- do names.append(row[0]) -%} {%- endif -%}
    {%- endfor -%}
    {{ return(names) }}
{%- endmacro %}

{% macro duckdb__raw_crm_names() -%}
    {%- set names = [] -%}
    {%- for row in run_query("select distinct file from glob('" ~ raw_literal(raw_root()) ~ "/*/*') order by 1").rows -%}
        {%- set name = row[0].replace('\\', '/').split('/')[-2] -%}
        {%- if name not in names -%} {%- do names.append(name) -%} {%- endif -%}
    {%- endfor -%}
    {{ return(names) }}
{%- endmacro %}
