{#- A UTC timestamp as wall-clock time of the reporting time zone. -#}
{% macro in_reporting_zone(moment) -%}
    {%- if var('reporting_timezone') == 'UTC' -%} {{ moment }}
    {%- else -%} {{ return(adapter.dispatch('in_reporting_zone')(moment)) }}
    {%- endif -%}
{%- endmacro %}

{% macro default__in_reporting_zone(moment) -%}
    ({{ moment }} at time zone 'UTC' at time zone '{{ var("reporting_timezone") }}')
{%- endmacro %}

{% macro spark__in_reporting_zone(moment) -%}
    from_utc_timestamp({{ moment }}, '{{ var("reporting_timezone") }}')
{%- endmacro %}
