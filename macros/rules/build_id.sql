{#- The id of a build: the one that `leadsignal build` gives, else dbt's own. Not read while models are parsed; see `as_of`. -#}
{% macro build_id() -%}
    {{ return((env_var('LEADSIGNAL_BUILD_ID', '') or invocation_id) if execute else '') }}
{%- endmacro %}
