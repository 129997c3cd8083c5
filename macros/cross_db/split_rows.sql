{#- One row per item of a list written as text: items between semicolons or commas, or a JSON list. Blanks, quotes and empty
    items go. kept: columns that are kept, a list or text. -#}
{% macro split_rows(rows, kept, text, as='item') -%}
    {%- set columns = kept if kept is string else kept | join(', ') -%}
    select {{ columns }}, {{ whole_id(as) }} as {{ as }} from (
        {{ adapter.dispatch('split_pieces')(rows, columns, text, as) }}
    ) as split_items
    where {{ as }} is not null
{%- endmacro %}

{% macro default__split_pieces(rows, kept, text, as) -%}
    select {{ kept }}, nullif(trim(unnest(string_to_array({{ separated(text) }}, ','))), '') as {{ as }}
    from {{ rows }}
{%- endmacro %}

{% macro spark__split_pieces(rows, kept, text, as) -%}
    select {{ kept }}, nullif(trim(piece), '') as {{ as }}
    from {{ rows }} lateral view explode(split({{ separated(text) }}, ',')) pieces as piece
{%- endmacro %}

{% macro snowflake__split_pieces(rows, kept, text, as) -%}
    select {{ kept }}, nullif(trim(cast(pieces.value as varchar)), '') as {{ as }}
    from {{ rows }}, lateral flatten(input => split({{ separated(text) }}, ',')) as pieces
{%- endmacro %}

{% macro bigquery__split_pieces(rows, kept, text, as) -%}
    select {{ kept }}, nullif(trim(piece), '') as {{ as }}
    from {{ rows }}
    cross join unnest(split({{ separated(text) }}, ',')) as piece
{%- endmacro %}

{% macro redshift__split_pieces(rows, kept, text, as) -%}
    select {{ kept }}, nullif(trim(cast(piece as varchar(65535))), '') as {{ as }}
    from (
        select *, split_to_array({{ separated(text) }}, ',') as pieces
        from {{ rows }}
    ) as listed
    cross join listed.pieces as piece
{%- endmacro %}

{% macro trino__split_pieces(rows, kept, text, as) -%}
    select {{ kept }}, nullif(trim(piece), '') as {{ as }}
    from {{ rows }}
    cross join unnest(split({{ separated(text) }}, ',')) as pieces (piece)
{%- endmacro %}

{#- The text with commas alone between its items: brackets, quotes and ends of lines are blanks. -#}
{% macro separated(text) -%}
    translate({{ text }}, {{ adapter.dispatch('list_marks')() }} || chr(9) || chr(10) || chr(13), '    ,   ')
{%- endmacro %}
{% macro default__list_marks() -%} {{ return("'[]\"'';'") }} {%- endmacro %}
{#- There, a quote inside a text is written with a backslash. -#}
{% macro spark__list_marks() -%} {{ return("'[]\"\\';'") }} {%- endmacro %}
{% macro bigquery__list_marks() -%} {{ return("'[]\"\\';'") }} {%- endmacro %}
