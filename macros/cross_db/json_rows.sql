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
