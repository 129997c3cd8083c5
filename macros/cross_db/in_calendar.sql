{#- A moment, or null for one that not every program can hold: infinity, the years before 2 and after 9999, and ends that
    another time zone would move out of the calendar. -#}
{% macro in_calendar(moment) -%}
    case
            when {{ moment }} between cast('0002-01-01' as timestamp) and cast('9999-12-31' as timestamp) then {{ moment }}
        end
{%- endmacro %}
