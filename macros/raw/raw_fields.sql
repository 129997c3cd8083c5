{#- The columns read of a table, as the source's YAML lists them: dicts of name, type, is_required, unless_missing, named_as (what
    `<layout>_fields` calls it) and names (normalised; the first that a row fills counts). -#}
{% macro raw_fields(layout, table, only=none) -%}
    {%- set fields = [] -%}
    {%- for source in graph.sources.values() if source.source_name == layout and source.name == table -%}
        {%- for column in source.columns.values() if not only or column.name in only -%}
            {%- set named_as = var(layout ~ '_fields', {}).get(column.name) -%}
            {%- set names = normalised_columns([named_as or column.name]) + column.config.meta.get('also', []) -%}
            {%- do fields.append({
                'name': column.name, 'type': column.data_type, 'names': names, 'named_as': named_as,
                'is_required': column.config.meta.get('required', false),
                'keeps_text': column.config.meta.get('keeps_text', false),
                'tells_presence': column.config.meta.get('tells_presence', false),
                'unless_missing': column.config.meta.get('unless_missing')}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(fields) }}
{%- endmacro %}

{#- What loaders add to every table: when a row was synced, whether it is the current version, whether it was deleted. -#}
{% macro raw_marks() -%}
    {{ return([
        {'name': 'synced_at', 'type': 'timestamp',
            'names': ['fivetransynced', 'airbyteextractedat', 'airbyteemittedat', 'sdcbatchedat', 'dltloadid']},
        {'name': 'is_active_version', 'type': 'boolean', 'names': ['fivetranactive']},
        {'name': 'is_loader_deleted', 'type': 'boolean', 'names': ['fivetrandeleted']},
        {'name': 'loader_deleted_at', 'type': 'timestamp', 'names': ['sdcdeletedat', 'abcdcdeletedat']},
    ]) }}
{%- endmacro %}

{#- How names are compared: case, underscores, hyphens and spaces do not count. Takes a list, for one call is one per table. -#}
{% macro normalised_names(names) -%}
    {{ return((names | join('\n') | lower | replace('_', '') | replace('-', '') | replace(' ', '')).split('\n')) }}
{%- endmacro %}

{#- Names of columns: HubSpot's loaders put property_ or properties_ before them, and Stitch __value behind. -#}
{% macro normalised_columns(names) -%}
    {%- set lines = '\n' ~ names | join('\n') | lower ~ '\n' -%}
    {%- set bare = lines.replace('__value__double\n', '\n').replace('__value__string\n', '\n').replace('__value\n', '\n') -%}
    {{ return(normalised_names([bare.replace('\nproperty_', '\n').replace('\nproperties_', '\n')[1:-1]])) }}
{%- endmacro %}
