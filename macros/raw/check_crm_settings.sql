{#- Stops the build where `crms` names a layout, or `<layout>_fields` a column, that no source of the project has: it would read
    nothing, without a word. -#}
{% macro check_crm_settings(layout) -%}
    {%- set layouts, crms = raw_layouts(), crm_layouts() -%}
    {%- if not crms -%}
        {%- do exceptions.raise_compiler_error('No CRM is found: looked in ' ~ raw_crms_place() ~ ' for ' ~ layouts | join(', ')
            ~ '. Load one there, correct raw_path, or name it in crms in dbt_project.yml.') -%}
    {%- endif -%}
    {%- for crm, named in crms.items() if named not in layouts -%}
        {%- do exceptions.raise_compiler_error('`crms` gives CRM `' ~ crm ~ '` the layout `' ~ named ~ '`. Known: '
            ~ layouts | join(', ') ~ '. Mend it in dbt_project.yml.') -%}
    {%- endfor -%}
    {%- set known = [] -%}
    {%- for source in graph.sources.values() if source.source_name == layout -%}
        {%- do known.extend(source.columns.keys()) -%}
    {%- endfor -%}
    {%- for name in var(layout ~ '_fields', {}) if name not in known -%}
        {%- do exceptions.raise_compiler_error('`' ~ layout ~ '_fields` names `' ~ name ~ '`, which no table has. Names are those'
            ~ ' of models/staging/' ~ layout ~ '. Mend it in dbt_project.yml.') -%}
    {%- endfor -%}
{%- endmacro %}

{% macro raw_crms_place() -%} {{ return(adapter.dispatch('raw_crms_place')()) }} {%- endmacro %}
{% macro default__raw_crms_place() -%} {{ return('the schemas of the database') }} {%- endmacro %}
{% macro duckdb__raw_crms_place() -%} {{ return('the folders of ' ~ raw_root()) }} {%- endmacro %}
