{#- An id as it is everywhere in the project: <crm>:<raw id>, null when the raw id is empty. -#}
{% macro raw_key(id) -%}
    (crm || ':' || {{ id }})
{%- endmacro %}

{#- The same of rows that nothing refers to: where the table has no ids, a row's place in it is its key. -#}
{% macro raw_key_or_place(id, table='') -%}
    case
            when has_{{ id }} then {{ raw_key(id) }}
            else crm || ':{{ table }}row-' || cast(raw_row_number as {{ text_type() }})
        end
{%- endmacro %}
