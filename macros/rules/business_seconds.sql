{#- Working seconds up to a moment, counted from the first day of int_business_days; of a joined row of it. -#}
{% macro business_seconds(moment, day) -%}
    {{ day }}.seconds_before + {{ seconds_between(
        day ~ '.opens_at', latest_of([day ~ '.opens_at', earliest_of([moment, day ~ '.closes_at'])])
    ) }}
{%- endmacro %}
