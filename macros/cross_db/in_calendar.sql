{#- A moment, or null for one that not every program can hold: infinity, years before 1 or after 9999, and their ends, which
    another time zone would move out of the calendar. -#}
{% macro in_calendar(moment) -%}
    case
            when {{ moment }} between cast('0001-01-02' as timestamp) and cast('9999-12-31' as timestamp) then {{ moment }}
        end
{%- endmacro %}
