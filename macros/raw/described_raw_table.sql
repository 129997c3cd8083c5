{#- What `find_raw_table` would say of a table that has every column which the source's YAML lists, of the types there, or of text alone:
    for compiling without a connection. The setting `raw_described` says of which CRMs. -#}
{% macro described_raw_table(crm, source) -%}
    {%- set told, columns = var('raw_described', {})[crm], {} -%}
    {%- for field in raw_fields(source.source_name, source.name) + raw_marks() -%}
        {%- set type = 'varchar' if told.of == 'text' or field.type in raw_kinds_of_text() else field.type -%}
        {%- do columns.update({field.names[0]: described_raw_column(field.names[0], type)}) -%}
    {%- endfor -%}
    {%- for name in told.get('also', []) -%} {%- do columns.update({name: described_raw_column(name, 'varchar')}) -%} {%- endfor -%}
    {%- set relation = api.Relation.create(target.database, crm, source.name).quote(identifier=true) -%}
    {{ return({'rows': relation, 'row_number': 'cast(null as bigint)', 'place': relation | string, 'columns': columns}) }}
{%- endmacro %}

{% macro described_raw_column(name, type) -%} {{ return({'sql': adapter.quote(name), 'type': type_named(type)}) }} {%- endmacro %}
