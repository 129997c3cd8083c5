{#- The columns of one wanted field that were found, each cast to its type. Ids of a form come from `raw_rows_with_ids`. -#}
{% macro raw_values(field, columns, id_form='') -%}
    {%- set values = [] -%}
    {%- for name in field.names if name in columns -%}
        {%- set is_id = field.type == 'key' and id_form -%}
        {%- do values.append(
            raw_id(quoted_column(name ~ '_id'), id_form) if is_id else raw_cast(quoted_column(name), columns[name].type, field.type)
        ) -%}
    {%- endfor -%}
    {{ return(values) }}
{%- endmacro %}

{% macro raw_first_filled(values, type) -%}
    {%- if not values -%} cast(null as {{ type_named('varchar' if type in raw_kinds_of_text() else type) }})
    {%- elif values | length == 1 -%} {{ values[0] }}
    {%- else -%} coalesce({{ values | join(', ') }})
    {%- endif -%}
{%- endmacro %}

{#- A column of a native type stays out of text where the type allows; anything else is read as text. -#}
{% macro raw_cast(column, found, wanted) -%}
    {%- set is_text = raw_type_is(found, raw_text_types()) -%}
    {%- set text = column if is_text else raw_as_text(column, found) -%}
    {%- if wanted == 'varchar' -%} {{ text }}
    {%- elif wanted == 'key' -%} {{ id_text(text) }}
    {%- elif wanted == 'picklist' -%} {{ picked_or_null(text) }}
    {%- elif wanted == 'label' -%} {{ label_text(text) }}
    {%- elif wanted == 'company' -%} {{ company_text(text) }}
    {%- elif wanted == 'timestamp' and found == 'date' -%} {{ in_calendar(start_of_day(column)) }}
    {%- elif wanted in ('timestamp', 'date') and raw_type_is(found, ('timestamp', 'date')) -%}
        {%- set has_zone = 'with time zone' in found or raw_type_is(found, ('timestamptz', 'timestamp_tz', 'timestamp_ltz')) -%}
        cast({{ in_calendar(raw_utc(column) if has_zone else 'cast(' ~ column ~ ' as timestamp)') }} as {{ wanted }})
    {%- elif wanted == 'double' and raw_type_is(found, raw_number_types()) and not raw_type_is(found, ('interval',)) -%}
        {{ finite(column) }}
    {%- elif wanted == 'boolean' and raw_type_is(found, ('bool',)) -%} {{ column }}
    {%- elif wanted == 'timestamp' -%} {{ moment_or_day(text) }}
    {%- elif wanted == 'date' -%} {{ try_date(text) }}
    {%- elif wanted == 'double' -%} {{ try_number(text) }}
    {%- elif wanted == 'integer' -%} 
        case when abs({{ try_number(text) }}) < 2147483647 then cast({{ try_number(text) }} as integer) end
    {%- elif wanted == 'boolean' -%} {{ try_boolean(text) }}
    {%- endif -%}
{%- endmacro %}

{#- Text as a moment; what is only a day is the start of that day in the reporting time zone. -#}
{% macro moment_or_day(text) -%}
    {%- if var('reporting_timezone') == 'UTC' -%} {{ try_timestamp(text) }}
    {%- else -%}
        case
                when length({{ text }}) <= 10 and {{ position_of("' '", text) }} = 0 then {{ start_of_day(try_timestamp(text)) }}
                else {{ try_timestamp(text) }}
            end
    {%- endif -%}
{%- endmacro %}

{#- An id that a loader took for a number with a fraction: 201.0 and 201.000 are 201. -#}
{% macro whole_id(text) -%}
    {%- set whole = dbt.split_part(text, "'.'", 1) -%}
    case
            when {{ text }} like '_%.0%' and translate({{ whole }}, '0123456789', '') = ''
                and translate(substr({{ text }}, length({{ whole }}) + 2), '0', '') = ''
                then {{ whole }}
            else {{ text }}
        end
{%- endmacro %}

{#- What a form shows before anything was picked, or a loader writes for nothing, is no value. -#}
{% macro picked_or_null(text) -%}
    case
            when lower({{ text }}) not in ('select', '--none--', '-- select --', 'please select', 'select...', 'null', 'nan')
                then {{ business_text(text) }}
        end
{%- endmacro %}

{#- Kinds of column that are text. What is `varchar` may be anything that a person wrote: nothing of it is published. -#}
{% macro raw_kinds_of_text() -%} {{ return(('key', 'picklist', 'label', 'company')) }} {%- endmacro %}

{#- Lists and structures are written as JSON, so that they read alike from every format. -#}
{% macro raw_as_text(column, found) -%} {{ return(adapter.dispatch('raw_as_text')(column, found)) }} {%- endmacro %}
{% macro default__raw_as_text(column, found) -%} {{ return('cast(' ~ column ~ ' as ' ~ text_type() ~ ')') }} {%- endmacro %}
{% macro redshift__raw_as_text(column, found) -%}
    {{ return('json_serialize(' ~ column ~ ')' if found == 'super' else default__raw_as_text(column, found)) }}
{%- endmacro %}
{% macro snowflake__raw_as_text(column, found) -%}
    {{ return('to_json(' ~ column ~ ')' if found.startswith(('array', 'object', 'variant')) else default__raw_as_text(column, found)) }}
{%- endmacro %}
{% macro bigquery__raw_as_text(column, found) -%}
    {{ return('to_json_string(' ~ column ~ ')' if found.startswith(('array', 'struct', 'json')) else default__raw_as_text(column, found)) }}
{%- endmacro %}
{% macro postgres__raw_as_text(column, found) -%}
    {{ return('cast(' ~ ('to_json(' ~ column ~ ')' if found.endswith(('array', ']')) else column) ~ ' as varchar)') }}
{%- endmacro %}
{% macro duckdb__raw_as_text(column, found) -%}
    {#- Text that was written without saying so. -#}
    {%- if found == 'blob' -%} {{ return('coalesce(try(decode(' ~ column ~ ')), cast(' ~ column ~ ' as varchar))') }} {%- endif -%}
    {%- set is_nested = found.endswith(']') or raw_type_is(found, ('struct', 'map')) -%}
    {{ return('cast(' ~ ('to_json(' ~ column ~ ')' if is_nested else column) ~ ' as varchar)') }}
{%- endmacro %}

{#- Types as engines name them, in lower case, told by how their names begin; a list is none of them. -#}
{% macro raw_type_is(found, beginnings) -%} {{ return(found.startswith(beginnings) and not found.endswith(']')) }} {%- endmacro %}

{% macro raw_text_types() -%} {{ return(('varchar', 'char', 'text', 'string')) }} {%- endmacro %}

{% macro raw_number_types() -%}
    {{ return(('double', 'float', 'real', 'decimal', 'numeric', 'bigint', 'int', 'smallint', 'tinyint', 'hugeint',
        'ubigint', 'uint', 'usmallint', 'utinyint')) }}
{%- endmacro %}
