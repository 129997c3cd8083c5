{#- The one "now" of a build (UTC), as a timestamp literal. Empty means the start of the run, a date means 23:59:59 of
    that day in the reporting time zone, a timestamp is taken exactly. -#}
{% macro as_of() -%}
    {#- A setting that is read while models are parsed has them all parsed again when it changes: every night, this one. -#}
    {%- if not execute -%} {{ return("cast(null as timestamp)") }} {%- endif -%}
    {%- set text = env_var('LEADSIGNAL_AS_OF', '') or var('as_of') | string -%}
    {%- set zone = modules.pytz.timezone(var('reporting_timezone')) -%}
    {%- if not text -%}
        {%- set moment = run_started_at.replace(tzinfo=none) -%}
    {%- elif text | length == 10 -%}
        {%- set local = modules.datetime.datetime.fromisoformat(text ~ 'T23:59:59') -%}
        {%- set moment = zone.localize(local).astimezone(modules.pytz.utc).replace(tzinfo=none) -%}
    {%- else -%}
        {%- set given = modules.datetime.datetime.fromisoformat(text) -%}
        {%- set moment = given.astimezone(modules.pytz.utc).replace(tzinfo=none) if given.tzinfo else given -%}
    {%- endif -%}
    cast('{{ moment.isoformat(sep=" ") }}' as timestamp)
{%- endmacro %}
