{#- Text as a double: plain numbers, and money such as $1,250.50, USD 1200, (500), 1.250,00; null where it is none. -#}
{% macro try_number(text) -%}
    {{ return(adapter.dispatch('try_number')(text)) }}
{%- endmacro %}

{% macro default__try_number(text) -%}
    {{ dbt.safe_cast(text, double_type()) }}
{%- endmacro %}

{% macro postgres__try_number(text) -%} {{ home_function('try_number') }}({{ text }}) {%- endmacro %}

{#- What is infinity as a double has more digits than 308. DuckDB also takes 1_000 and +-5 for numbers. -#}
{% macro duckdb__try_number(text) -%}
    case
            when isfinite(try_cast({{ text }} as double)) and not (contains({{ text }}, '_') or starts_with({{ text }}, '+-')) then try_cast({{ text }} as double)
            when length({{ text }}) <= 308 then {{ try_money(text) }}
        end
{%- endmacro %}

{% macro redshift__try_number(text) -%} try_cast({{ text }} as double precision) {%- endmacro %}

{#- Spark also takes 1d and NaN for numbers. -#}
{% macro spark__try_number(text) -%}
    case
            when {{ text }} rlike '^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?$' then {{ finite("try_cast(" ~ text ~ " as double)") }}
            when length({{ text }}) <= 308 then {{ try_money(text) }}
        end
{%- endmacro %}
