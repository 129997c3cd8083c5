{#- First day of the month of a UTC timestamp in the reporting time zone. -#}
{% macro reporting_month(moment) -%}
    {{ month_of(in_reporting_zone(moment)) }}
{%- endmacro %}
