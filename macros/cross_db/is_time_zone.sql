{#- Whether a text is the name of a time zone that the warehouse knows. -#}
{% macro is_time_zone(name) -%}
    {{ return(adapter.dispatch('is_time_zone')(name)) }}
{%- endmacro %}

{% macro default__is_time_zone(name) -%}
    {{ name }} in (select zones.name from pg_timezone_names() as zones)
{%- endmacro %}

{#- Spark has no list of them: what looks like one is taken for one. -#}
{% macro spark__is_time_zone(name) -%}
    {{ name }} rlike '^[A-Z][A-Za-z]+/[A-Za-z_/]+$'
{%- endmacro %}
