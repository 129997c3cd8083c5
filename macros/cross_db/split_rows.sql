{#- One row per item of a list written as text: items between semicolons or commas, or as a JSON list. -#}
{% macro split_rows(rows, kept, text, as='item') -%}
    {{ return(adapter.dispatch('split_rows')(rows, kept, text, as)) }}
{%- endmacro %}

{% macro default__split_rows(rows, kept, text, as) -%}
    select * from (
        select
            {{ kept | join(', ') }},
            nullif(trim(unnest(string_to_array(regexp_replace({{ text }}, '[][;,"]+', ',', 'g'), ','))), '') as {{ as }}
        from {{ rows }}
    ) as split_items
    where {{ as }} is not null
{%- endmacro %}

{% macro spark__split_rows(rows, kept, text, as) -%}
    select * from (
        select {{ kept | join(', ') }}, nullif(trim(piece), '') as {{ as }}
        from {{ rows }} lateral view explode(split({{ text }}, '[\\[\\];,"]+')) pieces as piece
    ) as split_items
    where {{ as }} is not null
{%- endmacro %}
