{#- The moment (UTC) at which a day begins in the reporting time zone. -#}
{% macro start_of_day(day) -%}
    {%- set midnight = 'cast(' ~ day ~ ' as timestamp)' -%}
    {%- if var('reporting_timezone') == 'UTC' -%} {{ midnight }}
    {%- else -%} {{ utc_time(midnight, "'" ~ var('reporting_timezone') ~ "'") }}
    {%- endif -%}
{%- endmacro %}
