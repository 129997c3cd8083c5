{#- Calendar day of a UTC timestamp in the reporting time zone. -#}
{% macro reporting_day(moment) -%}
    cast({{ in_reporting_zone(moment) }} as date)
{%- endmacro %}
