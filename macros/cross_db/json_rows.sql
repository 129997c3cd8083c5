{#- One row per object of a JSON list written as text: column item, the text of the object. Text that is no such list gives no
    row. -#}
{% macro json_rows(rows, kept, text) -%}
    {{ return(adapter.dispatch('json_rows')(rows, kept if kept is string else kept | join(', '), text)) }}
{%- endmacro %}

{% macro postgres__json_rows(rows, kept, text) -%}
    select {{ kept }}, json_array_elements_text({{ home_function('try_json') }}({{ text }})) as item
    from {{ rows }}
    where {{ text }} like '[%]'
{%- endmacro %}

{% macro duckdb__json_rows(rows, kept, text) -%}
    select {{ kept }}, unnest(case when json_valid({{ text }}) then from_json({{ text }}, '["varchar"]') end) as item
    from {{ rows }}
    where {{ text }} like '[%]'
{%- endmacro %}

{% macro spark__json_rows(rows, kept, text) -%}
    select {{ kept }}, item
    from {{ rows }} lateral view explode(from_json({{ text }}, 'array<string>')) items as item
    where {{ text }} like '[%]'
{%- endmacro %}

{#- A value inside a JSON object as text; path: names with dots between. -#}
{% macro json_text(item, path) -%} {{ return(adapter.dispatch('json_text')(item, path)) }} {%- endmacro %}

{% macro postgres__json_text(item, path) -%} {{ return("(" ~ home_function('try_json') ~ "(" ~ item ~ ") #>> '{" ~ path.replace('.', ',') ~ "}')") }} {%- endmacro %}

{% macro duckdb__json_text(item, path) -%} {{ return("case when json_valid(" ~ item ~ ") then json_extract_string(" ~ item ~ ", '$." ~ path ~ "') end") }} {%- endmacro %}

{% macro spark__json_text(item, path) -%} {{ return("get_json_object(" ~ item ~ ", '$." ~ path ~ "')") }} {%- endmacro %}

{% macro snowflake__json_rows(rows, kept, text) -%}
    select {{ kept }}, cast(items.value as varchar) as item
    from {{ rows }}, lateral flatten(input => try_parse_json({{ text }})) as items
    where {{ text }} like '[%]'
{%- endmacro %}

{% macro bigquery__json_rows(rows, kept, text) -%}
    select {{ kept }}, item
    from {{ rows }}
    cross join unnest(json_extract_array({{ text }})) as item
    where {{ text }} like '[%]'
{%- endmacro %}

{% macro redshift__json_rows(rows, kept, text) -%}
    select {{ kept }}, json_serialize(items) as item
    from (
        select *, json_parse(case when can_json_parse({{ text }}) then {{ text }} end) as json_list
        from {{ rows }}
        where {{ text }} like '[%]'
    ) as parsed
    cross join parsed.json_list as items
{%- endmacro %}

{% macro trino__json_rows(rows, kept, text) -%}
    select {{ kept }}, json_format(item_json) as item
    from {{ rows }}
    cross join unnest(try(cast(json_parse({{ text }}) as array(json)))) as items (item_json)
    where {{ text }} like '[%]'
{%- endmacro %}

{% macro snowflake__json_text(item, path) -%} {{ return("cast(get_path(try_parse_json(" ~ item ~ "), '" ~ path ~ "') as varchar)") }} {%- endmacro %}

{% macro bigquery__json_text(item, path) -%} {{ return("json_value(" ~ item ~ ", '$." ~ path ~ "')") }} {%- endmacro %}

{% macro redshift__json_text(item, path) -%} {{ return("json_extract_path_text(" ~ item ~ ", '" ~ path.replace('.', "', '") ~ "', true)") }} {%- endmacro %}

{% macro trino__json_text(item, path) -%} {{ return("json_extract_scalar(" ~ item ~ ", '$." ~ path ~ "')") }} {%- endmacro %}
