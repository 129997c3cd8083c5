{#- First day of the week (Monday), month or quarter of a date, or of a timestamp that is already wall-clock time. -#}
{% macro first_day_of(period, day) -%} {{ return(adapter.dispatch('first_day_of')(period, day)) }} {%- endmacro %}

{% macro default__first_day_of(period, day) -%} {{ return("cast(date_trunc('" ~ period ~ "', " ~ day ~ ') as date)') }} {%- endmacro %}

{% macro bigquery__first_day_of(period, day) -%}
    {%- set date = 'cast(' ~ day ~ ' as date)' -%}
    {{ return('date_sub(' ~ date ~ ', interval ' ~ bigquery__iso_weekday(date) ~ ' - 1 day)' if period == 'week'
        else 'date_trunc(' ~ date ~ ', ' ~ period ~ ')') }}
{%- endmacro %}
