{#- A double as it is, null for what is no number and for infinity. NaN is more than every number, or not comparable. -#}
{% macro finite(value) -%} {{ return(adapter.dispatch('finite')('cast(' ~ value ~ ' as ' ~ double_type() ~ ')')) }} {%- endmacro %}

{% macro default__finite(value) -%}
    case when abs({{ value }}) <= cast('1.7976931348623157e308' as {{ double_type() }}) then {{ value }} end
{%- endmacro %}

{#- A comparison is left out of the plan where the least and the most of a Parquet column say that it holds, and NaN is in neither. -#}
{% macro duckdb__finite(value) -%} case when isfinite({{ value }}) then {{ value }} end {%- endmacro %}
