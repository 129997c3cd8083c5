{#- A text that is a plain number of digits, as double; anything else is null. -#}
{% macro number_or_null(text) -%}
    {{ return(adapter.dispatch('number_or_null')(text)) }}
{%- endmacro %}

{#- Nothing but digits and a point, and of that what the warehouse can cast. -#}
{% macro default__number_or_null(text) -%}
    case
            when translate({{ text }}, '0123456789.', '') = '' and {{ text }} not like '%.' and {{ text }} not like '.%'
                then {{ try_number(text) }}
        end
{%- endmacro %}

{% macro duckdb__number_or_null(text) -%}
    case when regexp_full_match({{ text }}, '[0-9]+([.][0-9]+)?') then try_cast({{ text }} as double) end
{%- endmacro %}

{% macro spark__number_or_null(text) -%}
    case when {{ text }} rlike '^[0-9]+([.][0-9]+)?$' then try_cast({{ text }} as double) end
{%- endmacro %}
