{#- The columns are rates: null, or between 0 and 1. Fails with the rows that are not. -#}
{% test is_rate(model, columns) %}
select *
from {{ model }}
where
    {% for column in columns -%}
    {{ column }} < 0 or {{ column }} > 1 {{ 'or' if not loop.last }}
    {% endfor %}
{% endtest %}
