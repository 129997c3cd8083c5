{#- Working seconds up to a moment, counted from the first day of int_business_days; of a joined row of it. -#}
{% macro business_seconds(moment, day) -%}
    {{ day }}.seconds_before + {{ seconds_between(
        day ~ '.opens_at', 'greatest(' ~ day ~ '.opens_at, least(' ~ moment ~ ', ' ~ day ~ '.closes_at))'
    ) }}
{%- endmacro %}
