{#- First day of the month of a date, or of a timestamp that is already wall-clock time. -#}
{% macro month_of(day) -%} {{ first_day_of('month', day) }} {%- endmacro %}
