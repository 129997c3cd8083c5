{#- Whether a text is the name of a time zone that the warehouse knows. -#}
{% macro is_time_zone(name) -%}
    {{ return(adapter.dispatch('is_time_zone')(name)) }}
{%- endmacro %}

{% macro default__is_time_zone(name) -%}
    {{ name }} in (select zones.name from pg_timezone_names() as zones)
{%- endmacro %}

{#- Without a list of them, what looks like one is taken for one. -#}
{% macro looks_like_time_zone(name) -%} ({{ name }} like '%_/_%' and {{ name }} not like '% %') {%- endmacro %}

{% macro spark__is_time_zone(name) -%} {{ looks_like_time_zone(name) }} {%- endmacro %}
{% macro snowflake__is_time_zone(name) -%} {{ looks_like_time_zone(name) }} {%- endmacro %}
{% macro bigquery__is_time_zone(name) -%} {{ looks_like_time_zone(name) }} {%- endmacro %}
{% macro redshift__is_time_zone(name) -%} {{ looks_like_time_zone(name) }} {%- endmacro %}
{% macro trino__is_time_zone(name) -%} {{ looks_like_time_zone(name) }} {%- endmacro %}
