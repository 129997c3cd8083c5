{#- The rates of a row's currency: dated ones in force on the named day, and the undated one. -#}
{% macro join_conversion_rates(relation, day) -%}
    left join {{ ref('int_currency_rates') }} as dated_rates
        on
            {{ relation }}.crm = dated_rates.crm
            and {{ relation }}.currency = dated_rates.currency
            and dated_rates.is_dated
            and {{ relation }}.{{ day }} >= dated_rates.valid_from
            and (dated_rates.valid_to is null or {{ relation }}.{{ day }} < dated_rates.valid_to)
    left join {{ ref('int_currency_rates') }} as undated_rates
        on
            {{ relation }}.crm = undated_rates.crm
            and {{ relation }}.currency = undated_rates.currency
            and not undated_rates.is_dated
    left join {{ ref('int_currency_rates') }} as dated_home_rates
        on
            {{ relation }}.crm = dated_home_rates.crm
            and dated_home_rates.currency = '{{ var("reporting_currency") }}'
            and dated_home_rates.is_dated
            and {{ relation }}.{{ day }} >= dated_home_rates.valid_from
            and (dated_home_rates.valid_to is null or {{ relation }}.{{ day }} < dated_home_rates.valid_to)
    left join {{ ref('int_currency_rates') }} as home_rates
        on
            {{ relation }}.crm = home_rates.crm
            and home_rates.currency = '{{ var("reporting_currency") }}'
            and not home_rates.is_dated
{%- endmacro %}
