{#- Units of a currency that one unit of the reporting currency buys: the dated rate, else the undated one. A CRM's rates are those
    of its own corporate currency: its rate of the reporting currency leads from there. Over the rows of join_conversion_rates. -#}
{% macro conversion_rate(currency) -%}
    case
        when {{ currency }} = '{{ var("reporting_currency") }}' then 1.0
        else coalesce(dated_rates.rate, undated_rates.rate) / coalesce(dated_home_rates.rate, home_rates.rate, 1.0)
    end
{%- endmacro %}
