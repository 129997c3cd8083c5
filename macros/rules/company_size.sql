{#- Size band of a company by its employees; null when unknown or negative. -#}
{% macro company_size(employees) -%}
    case
            when {{ employees }} < 0 then null
            when {{ employees }} < 50 then '1-49'
            when {{ employees }} < 250 then '50-249'
            when {{ employees }} < 1000 then '250-999'
            when {{ employees }} < 5000 then '1000-4999'
            when {{ employees }} >= 5000 then '5000+'
        end
{%- endmacro %}
