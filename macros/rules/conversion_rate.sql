{#- Units of a currency that one unit of the reporting currency buys: the dated rate, else the undated one. Over the rows of
    join_conversion_rates. -#}
{% macro conversion_rate(currency) -%}
    case
        when {{ currency }} = '{{ var("reporting_currency") }}' then 1.0
        else coalesce(dated_rates.rate, undated_rates.rate)
    end
{%- endmacro %}
