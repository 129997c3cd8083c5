{#- The rows of one object over the staging models of every layout that is read, in one shape. `layout` is read off the model's
    name. types: of columns that are no text, where no layout that supplies the object is read. -#}
{% macro unioned(models, columns, used_only=true, types={}) -%}
    {%- set selects = [] -%}
    {%- for model in models if is_read(model) -%}
        {%- do selects.append(
            "select '" ~ layout_of(model) ~ "' as layout, " ~ columns | join(', ') ~ ' from ' ~ ref(model)
            ~ (" where row_status = 'used'" if used_only else '')) -%}
    {%- endfor -%}
    {{ (selects or [no_rows(columns, types)]) | join('\n    union all\n    ') }}
{%- endmacro %}

{% macro layout_of(model) -%} {{ return(model.split('__')[0] | replace('stg_', '')) }} {%- endmacro %}

{#- As dbt_project.yml enables the staging folders. -#}
{% macro is_read(model) -%}
    {%- set crms = var('crms', {}) -%}
    {{ return(not crms is mapping or not crms or layout_of(model) in ['salesforce'] + crms.values() | list) }}
{%- endmacro %}

{% macro no_rows(columns, types) -%}
    {%- set empty = ["cast(null as varchar) as layout"] -%}
    {%- for column in columns -%} {%- do empty.append('cast(null as ' ~ types.get(column, 'varchar') ~ ') as ' ~ column) -%} {%- endfor -%}
    {{ return('select ' ~ empty | join(', ') ~ ' where 1 = 0') }}
{%- endmacro %}
