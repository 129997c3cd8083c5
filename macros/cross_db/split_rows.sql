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
        from {{ rows }} lateral view explode(split(translate({{ text }}, '[]"\\';', '    ,'), ',')) pieces as piece
    ) as split_items
    where {{ as }} is not null
{%- endmacro %}
