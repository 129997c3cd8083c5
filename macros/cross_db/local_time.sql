{#- A UTC timestamp as wall-clock time of a time zone, named by a column. -#}
{% macro local_time(moment, zone) -%}
    {{ return(adapter.dispatch('local_time')(moment, zone)) }}
{%- endmacro %}

{% macro default__local_time(moment, zone) -%}
    ({{ moment }} at time zone 'UTC' at time zone {{ zone }})
{%- endmacro %}

{% macro spark__local_time(moment, zone) -%}
    from_utc_timestamp({{ moment }}, {{ zone }})
{%- endmacro %}

{#- The other way: wall-clock time of a time zone as UTC. -#}
{% macro utc_time(moment, zone) -%}
    {{ return(adapter.dispatch('utc_time')(moment, zone)) }}
{%- endmacro %}

{% macro default__utc_time(moment, zone) -%}
    ({{ moment }} at time zone {{ zone }} at time zone 'UTC')
{%- endmacro %}

{% macro spark__utc_time(moment, zone) -%}
    to_utc_timestamp({{ moment }}, {{ zone }})
{%- endmacro %}
