{#- Stops the build where `crms` names a layout, or `<layout>_fields` a column, that no source of the project has: it would read
    nothing, without a word. -#}
{% macro check_crm_settings(layout) -%}
    {%- set layouts = graph.sources.values() | map(attribute='source_name') | unique | list -%}
    {%- if not var('crms') -%}
        {%- do exceptions.raise_compiler_error('`crms` names no CRM. Name one, such as {salesforce: salesforce}, in dbt_project.yml.') -%}
    {%- endif -%}
    {%- for crm, named in var('crms').items() if named not in layouts -%}
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
