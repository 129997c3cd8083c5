{#- 1 for the rate that counts of a row: of dated rates that overlap, the one that began last. -#}
{% macro conversion_rate_preference(key) -%}
    row_number() over (
        partition by {{ key }}
        order by dated_rates.valid_from desc nulls last, dated_rates.rate, undated_rates.rate
    )
{%- endmacro %}
