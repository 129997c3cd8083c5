{#- A double as it is, null for what is no number and for infinity. NaN is more than every number, or not comparable. -#}
{% macro finite(value) -%}
    case
            when abs(cast({{ value }} as {{ double_type() }})) <= cast('1.7976931348623157e308' as {{ double_type() }})
                then cast({{ value }} as {{ double_type() }})
        end
{%- endmacro %}
