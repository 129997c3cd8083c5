{#- Types as engines name them, in lower case, told by how their names begin. -#}
{% macro raw_type_is(found, beginnings) -%} {{ return(found.startswith(beginnings)) }} {%- endmacro %}

{% macro raw_text_types() -%} {{ return(('varchar', 'char', 'text', 'string')) }} {%- endmacro %}

{% macro raw_number_types() -%}
    {{ return(('double', 'float', 'real', 'decimal', 'numeric', 'bigint', 'int', 'smallint', 'tinyint', 'hugeint',
        'ubigint', 'uint', 'usmallint', 'utinyint')) }}
{%- endmacro %}
