{#- A UTC timestamp as wall-clock time of the reporting time zone. -#}
{% macro in_reporting_zone(moment) -%}
    {%- if var('reporting_timezone') == 'UTC' -%} {{ moment }}
    {%- else -%} {{ local_time(moment, "'" ~ var('reporting_timezone') ~ "'") }}
    {%- endif -%}
{%- endmacro %}
