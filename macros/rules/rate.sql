{#- A rate from its two counts; null when there is nothing to divide by. -#}
{% macro rate(numerator, denominator) -%}
    cast({{ numerator }} as {{ double_type() }}) / nullif({{ denominator }}, 0)
{%- endmacro %}
