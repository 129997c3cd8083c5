{#- Stops the build where `crms` names a layout, or `<layout>_fields` a column, that no source of the project has: it would read
    nothing, without a word. -#}
{% macro check_crm_settings(layout) -%}
    {#- Once: for the layout that is never left out. -#}
    {%- if layout == 'salesforce' -%} {%- do check_crms() -%} {%- endif -%}
    {%- set known = [] -%}
    {%- for source in graph.sources.values() if source.source_name == layout -%}
        {%- do known.extend(source.columns.keys()) -%}
    {%- endfor -%}
    {%- for name in var(layout ~ '_fields', {}) if name not in known -%}
        {%- do exceptions.raise_compiler_error('`' ~ layout ~ '_fields` names `' ~ name ~ '`, which no table has. Names are those'
            ~ ' of models/staging/' ~ layout ~ '. Mend it in dbt_project.yml.') -%}
    {%- endfor -%}
{%- endmacro %}

{#- What is wrong with the CRMs, said once for all layouts. -#}
{% macro check_crms() -%}
    {%- set crms, layouts, mend = crm_layouts(), raw_layouts() | join(', '), ' in dbt_project.yml.' -%}
    {%- for crm, told in crms.items() if told not in raw_layouts() -%}
        {%- if ' or ' in told -%}
            {%- do exceptions.raise_compiler_error('The tables of CRM `' ~ crm ~ '` could be ' ~ told ~ ': looked in ' ~ raw_place(crm)
                ~ '. Name the layout of each CRM in crms, such as {' ~ crm ~ ': ' ~ told.split(' ')[0] ~ '},' ~ mend) -%}
        {%- elif told -%}
            {%- do exceptions.raise_compiler_error('`crms` gives CRM `' ~ crm ~ '` the layout `' ~ told ~ '`. Known: ' ~ layouts
                ~ '. Mend it' ~ mend) -%}
        {%- elif var('crms', none) -%}
            {%- do exceptions.raise_compiler_error('`crms` names CRM `' ~ crm ~ '`, but neither its name nor its tables tell its layout: '
                ~ 'looked in ' ~ raw_place(crm) ~ '. Write it as a mapping to one of ' ~ layouts ~ mend) -%}
        {%- else -%}
            {%- do warn_of_no_crm(crm) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if not crms.values() | select | list -%}
        {%- do exceptions.raise_compiler_error('No CRM is found: looked in ' ~ raw_crms_place() ~ ' for the tables of ' ~ layouts
            ~ '. Load one there, correct raw_path, or name it in crms' ~ mend) -%}
    {%- endif -%}
{%- endmacro %}

{% macro raw_crms_place() -%} {{ return(adapter.dispatch('raw_crms_place')()) }} {%- endmacro %}
{% macro default__raw_crms_place() -%} {{ return('the schemas of the database') }} {%- endmacro %}
{% macro duckdb__raw_crms_place() -%} {{ return('the folders of ' ~ raw_root()) }} {%- endmacro %}

{#- A database holds many schemas that are no CRM; a raw folder should not. -#}
{% macro warn_of_no_crm(crm) -%} {{ return(adapter.dispatch('warn_of_no_crm')(crm)) }} {%- endmacro %}
{% macro default__warn_of_no_crm(crm) -%} {%- endmacro %}
{% macro duckdb__warn_of_no_crm(crm) -%}
    {%- do exceptions.warn(raw_folder(crm) ~ ' holds no CRM that is known (' ~ raw_layouts() | join(', ')
        ~ ') and is not read. Take it away, or name the CRMs in crms in dbt_project.yml.') -%}
{%- endmacro %}
