{#- Quantile with linear interpolation between the two nearest values, nulls left out. -#}
{% macro quantile(value, share) -%}
    percentile_cont({{ share }}) within group (order by {{ value }})
{%- endmacro %}
