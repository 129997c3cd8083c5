{#- One row per item of a list written as text: items between semicolons or commas, or a JSON list. Blanks, quotes and empty
    items go. kept: columns that are kept, a list or text. -#}
{% macro split_rows(rows, kept, text, as='item') -%}
    {{ return(adapter.dispatch('split_rows')(rows, kept if kept is string else kept | join(', '), text, as)) }}
{%- endmacro %}

{% macro default__split_rows(rows, kept, text, as) -%}
    select * from (
        select {{ kept }}, nullif(trim(unnest(string_to_array(translate({{ text }}, '[]"'';', '    ,'), ','))), '') as {{ as }}
        from {{ rows }}
    ) as split_items
    where {{ as }} is not null
{%- endmacro %}

{% macro spark__split_rows(rows, kept, text, as) -%}
    select * from (
        select {{ kept }}, nullif(trim(piece), '') as {{ as }}
        from {{ rows }} lateral view explode(split(translate({{ text }}, '[]"\';', '    ,'), ',')) pieces as piece
    ) as split_items
    where {{ as }} is not null
{%- endmacro %}

{#- Brackets, quotes and semicolons are dealt with as above; there, a quote inside a text is written with a backslash. -#}
{% macro snowflake__split_rows(rows, kept, text, as) -%}
    select * from (
        select {{ kept }}, nullif(trim(cast(pieces.value as varchar)), '') as {{ as }}
        from {{ rows }}, lateral flatten(input => split(translate({{ text }}, '[]"'';', '    ,'), ',')) as pieces
    ) as split_items
    where {{ as }} is not null
{%- endmacro %}

{% macro bigquery__split_rows(rows, kept, text, as) -%}
    select * from (
        select {{ kept }}, nullif(trim(piece), '') as {{ as }}
        from {{ rows }}
        cross join unnest(split(translate({{ text }}, '[]"\';', '    ,'), ',')) as piece
    ) as split_items
    where {{ as }} is not null
{%- endmacro %}

{% macro redshift__split_rows(rows, kept, text, as) -%}
    select * from (
        select {{ kept }}, nullif(trim(cast(piece as varchar(65535))), '') as {{ as }}
        from (
            select *, split_to_array(translate({{ text }}, '[]"'';', '    ,'), ',') as pieces
            from {{ rows }}
        ) as listed
        cross join listed.pieces as piece
    ) as split_items
    where {{ as }} is not null
{%- endmacro %}

{% macro trino__split_rows(rows, kept, text, as) -%}
    select * from (
        select {{ kept }}, nullif(trim(piece), '') as {{ as }}
        from {{ rows }}
        cross join unnest(split(translate({{ text }}, '[]"'';', '    ,'), ',')) as pieces (piece)
    ) as split_items
    where {{ as }} is not null
{%- endmacro %}
