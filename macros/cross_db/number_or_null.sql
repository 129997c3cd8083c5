{#- A text that is a plain number of digits, as double; anything else is null. -#}
{% macro number_or_null(text) -%}
    {{ return(adapter.dispatch('number_or_null')(text)) }}
{%- endmacro %}

{% macro default__number_or_null(text) -%}
    case when {{ text }} ~ '^[0-9]+([.][0-9]+)?$' then cast({{ text }} as {{ double_type() }}) end
{%- endmacro %}

{% macro duckdb__number_or_null(text) -%}
    case when regexp_full_match({{ text }}, '[0-9]+([.][0-9]+)?') then try_cast({{ text }} as double) end
{%- endmacro %}
