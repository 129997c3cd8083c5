{#- 1 for the rates that count of a row: of dated rates that overlap, of its currency and of the reporting currency, the one that
    began last. -#}
{% macro conversion_rate_preference(key) -%}
    row_number() over (
        partition by {{ key }}
        order by
            dated_rates.valid_from desc nulls last, dated_home_rates.valid_from desc nulls last,
            dated_rates.rate, undated_rates.rate, dated_home_rates.rate, home_rates.rate
    )
{%- endmacro %}
