{#- One row per object of a JSON list written as text; text that is no such list gives no row. -#}
{% macro json_rows(rows, kept, text) -%}
    {{ return(adapter.dispatch('json_rows')(rows, kept, text)) }}
{%- endmacro %}

{% macro default__json_rows(rows, kept, text) -%}
    select {{ kept | join(', ') }}, json_array_elements(cast({{ text }} as json)) as item
    from {{ rows }}
    where {{ text }} like '[%]'
{%- endmacro %}

{% macro duckdb__json_rows(rows, kept, text) -%}
    select {{ kept | join(', ') }}, unnest(json_extract({{ text }}, '$[*]')) as item
    from {{ rows }}
    where json_valid({{ text }}) and {{ text }} like '[%]'
{%- endmacro %}

{% macro spark__json_rows(rows, kept, text) -%}
    select {{ kept | join(', ') }}, item
    from {{ rows }} lateral view explode(from_json({{ text }}, 'array<string>')) items as item
    where {{ text }} like '[%]'
{%- endmacro %}

{#- A value inside a JSON object as text; path: names with dots between. -#}
{% macro json_text(item, path) -%} {{ return(adapter.dispatch('json_text')(item, path)) }} {%- endmacro %}

{% macro default__json_text(item, path) -%} {{ return("(" ~ item ~ " #>> '{" ~ path.replace('.', ',') ~ "}')") }} {%- endmacro %}

{% macro duckdb__json_text(item, path) -%} {{ return("json_extract_string(" ~ item ~ ", '$." ~ path ~ "')") }} {%- endmacro %}

{% macro spark__json_text(item, path) -%} {{ return("get_json_object(" ~ item ~ ", '$." ~ path ~ "')") }} {%- endmacro %}
