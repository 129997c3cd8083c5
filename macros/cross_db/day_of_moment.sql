{#- The day of a closing or an appointment that may be written as a date or as a moment: exactly midnight is a date, and no time
    zone moves it; anything else falls on its day in the reporting time zone. -#}
{% macro day_of_moment(moment) -%}
    case
            when {{ moment }} = cast(cast({{ moment }} as date) as timestamp) then cast({{ moment }} as date)
            else {{ reporting_day(moment) }}
        end
{%- endmacro %}

{#- A moment that may be a date: exactly midnight (UTC), as loaders write dates, is the start of that day where it is reported. -#}
{% macro moment_of_date(moment) -%}
    {%- if var('reporting_timezone') == 'UTC' -%} {{ moment }}
    {%- else -%}
        case
            when {{ moment }} = cast(cast({{ moment }} as date) as timestamp) then {{ start_of_day('cast(' ~ moment ~ ' as date)') }}
            else {{ moment }}
        end
    {%- endif -%}
{%- endmacro %}
