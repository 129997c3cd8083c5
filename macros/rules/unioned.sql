{#- The rows of one object over the staging models of every layout that is read, in one shape. `layout` is read off the model's
    name. types: of columns that are no text, where no layout that supplies the object is read. -#}
{% macro unioned(models, columns, used_only=true, types={}) -%}
    {%- set selects, layouts = [], layouts_read() -%}
    {%- for model in models if layouts is none or layout_of(model) in layouts -%}
        {%- do selects.append(
            "select '" ~ layout_of(model) ~ "' as layout, " ~ columns | join(', ') ~ ' from ' ~ ref(model)
            ~ (" where row_status = 'used'" if used_only else '')) -%}
    {%- endfor -%}
    {{ (selects or [no_rows(columns, types)]) | join('\n    union all\n    ') }}
{%- endmacro %}

{% macro layout_of(model) -%} {{ return(model.split('__')[0] | replace('stg_', '')) }} {%- endmacro %}

{#- The layouts whose staging models are there: those that dbt_project.yml enables, and of them, once the raw data can be looked
    at, those that a CRM has. Salesforce's are always there, as the shape of the unions. A run may leave out the others.
    None: all, as far as can be told while models are parsed. -#}
{% macro layouts_read() -%}
    {%- set named = var('crms', {}) -%}
    {%- if named is mapping and named -%} {{ return(['salesforce'] + named.values() | list) }} {%- endif -%}
    {%- if not execute -%} {{ return(none) }} {%- endif -%}
    {{ return(['salesforce'] + crm_layouts().values() | list) }}
{%- endmacro %}

{% macro no_rows(columns, types) -%}
    {%- set empty = ['cast(null as ' ~ text_type() ~ ') as layout'] -%}
    {%- for column in columns -%} {%- do empty.append('cast(null as ' ~ type_named(types.get(column, 'varchar')) ~ ') as ' ~ column) -%} {%- endfor -%}
    {{ return('select ' ~ empty | join(', ') ~ ' from ' ~ one_row() ~ ' where 1 = 0') }}
{%- endmacro %}
