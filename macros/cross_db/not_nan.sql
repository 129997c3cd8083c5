{#- A double as it is, null for what is no number. -#}
{% macro not_nan(value) -%} {{ return(adapter.dispatch('not_nan')(value)) }} {%- endmacro %}

{% macro default__not_nan(value) -%}
    nullif(cast({{ value }} as {{ double_type() }}), cast('NaN' as {{ double_type() }}))
{%- endmacro %}

{#- There no NaN equals another. -#}
{% macro bigquery__not_nan(value) -%} case when not is_nan(cast({{ value }} as float64)) then cast({{ value }} as float64) end {%- endmacro %}

{% macro trino__not_nan(value) -%} case when not is_nan(cast({{ value }} as double)) then cast({{ value }} as double) end {%- endmacro %}
