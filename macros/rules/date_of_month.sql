{#- The first day of a month as text, of a month that is written alone (2026-03, 2026/3, 202603, 03/2026); of any other text the
    text. -#}
{% macro date_of_month(month) -%}
    case
            when {{ month }} like '____-__' or {{ month }} like '____/__'
                then substr({{ month }}, 1, 4) || '-' || substr({{ month }}, 6, 2) || '-01'
            when {{ month }} like '____-_' or {{ month }} like '____/_'
                then substr({{ month }}, 1, 4) || '-0' || substr({{ month }}, 6, 1) || '-01'
            when {{ month }} like '__/____' or {{ month }} like '__-____'
                then substr({{ month }}, 4, 4) || '-' || substr({{ month }}, 1, 2) || '-01'
            when {{ month }} like '_/____' or {{ month }} like '_-____'
                then substr({{ month }}, 3, 4) || '-0' || substr({{ month }}, 1, 1) || '-01'
            when length({{ month }}) = 6 and translate({{ month }}, '0123456789', '') = ''
                then substr({{ month }}, 1, 4) || '-' || substr({{ month }}, 5, 2) || '-01'
            else {{ month }}
        end
{%- endmacro %}
