{#- 1 for Monday to 7 for Sunday. -#}
{% macro iso_weekday(day) -%}
    {{ return(adapter.dispatch('iso_weekday')(day)) }}
{%- endmacro %}

{% macro default__iso_weekday(day) -%} extract(isodow from {{ day }}) {%- endmacro %}

{% macro spark__iso_weekday(day) -%} extract(dayofweek_iso from {{ day }}) {%- endmacro %}

{% macro snowflake__iso_weekday(day) -%} dayofweekiso({{ day }}) {%- endmacro %}

{% macro bigquery__iso_weekday(day) -%} (mod(extract(dayofweek from {{ day }}) + 5, 7) + 1) {%- endmacro %}

{% macro redshift__iso_weekday(day) -%} (mod(cast(extract(dow from {{ day }}) as integer) + 6, 7) + 1) {%- endmacro %}

{% macro trino__iso_weekday(day) -%} day_of_week({{ day }}) {%- endmacro %}
