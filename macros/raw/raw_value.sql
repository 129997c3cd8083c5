{#- The value of one wanted field: its columns cast to its type, the first that is filled; a typed null when none was found. -#}
{% macro raw_value(field, columns) -%}
    {%- set values = [] -%}
    {%- for name in field.names if name in columns -%}
        {%- do values.append(raw_cast(columns[name].sql, columns[name].type | lower, field.type)) -%}
    {%- endfor -%}
    {%- if not values -%} cast(null as {{ 'varchar' if field.type == 'key' else field.type }})
    {%- elif values | length == 1 -%} {{ values[0] }}
    {%- else -%} coalesce({{ values | join(', ') }})
    {%- endif -%}
{%- endmacro %}

{% macro raw_cast(column, found_type, wanted_type) -%}
    {%- set is_text = found_type.startswith(('varchar', 'char', 'text', 'string')) -%}
    {%- if wanted_type in ('varchar', 'key') -%}
        {{ raw_text(column if is_text else 'cast(' ~ column ~ ' as varchar)') }}
    {%- elif is_text -%}
        {{ raw_text_cast('trim(' ~ column ~ ')', wanted_type) }}
    {%- elif 'with time zone' in found_type or found_type == 'timestamptz' -%}
        cast({{ raw_utc(column) }} as {{ wanted_type }})
    {%- elif wanted_type == 'boolean' and found_type != 'boolean' -%}
        ({{ column }} <> 0)
    {%- elif wanted_type == 'double' -%}
        nullif(cast({{ column }} as double), cast('NaN' as double))
    {%- else -%}
        cast({{ column }} as {{ wanted_type }})
    {%- endif -%}
{%- endmacro %}

{% macro raw_text_cast(text, wanted_type) -%}
    {%- if wanted_type == 'timestamp' -%} {{ try_timestamp(text) }}
    {%- elif wanted_type == 'date' -%} {{ try_date(text) }}
    {%- elif wanted_type == 'double' -%} {{ try_number(text) }}
    {%- elif wanted_type == 'boolean' -%} {{ try_boolean(text) }}
    {%- endif -%}
{%- endmacro %}
