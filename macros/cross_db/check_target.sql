{#- What of a profile would let a long build fail at its end: refused before anything is built. dbt-duckdb sets `settings` anew
    for each connection, and DuckDB lets no folder for spilled rows be set once rows were spilled. -#}
{% macro check_target() -%} {{ return(adapter.dispatch('check_target')()) }} {%- endmacro %}

{% macro default__check_target() -%} {%- endmacro %}

{% macro duckdb__check_target() -%}
    {%- if 'temp_directory' in (target.settings or {}) -%}
        {%- do exceptions.raise_compiler_error('temp_directory of target `' ~ target.name ~ '` in profiles.yml stands under settings, where'
            ~ ' it stops a build that has spilled: move it to config_options.') -%}
    {%- endif -%}
{%- endmacro %}
