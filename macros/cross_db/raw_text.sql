{#- Raw text without the white space around it; nothing but white space is null. -#}
{% macro raw_text(text) -%}
    {{ return(adapter.dispatch('raw_text')(text)) }}
{%- endmacro %}

{% macro default__raw_text(text) -%}
    nullif(trim(both ' ' || chr(9) || chr(10) || chr(13) from {{ text }}), '')
{%- endmacro %}

{#- Hardly any value needs trimming, so only those that begin or end below '!', the first visible character, pay for it. -#}
{% macro duckdb__raw_text(text) -%}
    case
            when {{ text }} < '!' or right({{ text }}, 1) < '!'
                then nullif(trim({{ text }}, ' ' || chr(9) || chr(10) || chr(13)), '')
            else {{ text }}
        end
{%- endmacro %}

{% macro snowflake__raw_text(text) -%} nullif(trim({{ text }}, ' ' || chr(9) || chr(10) || chr(13)), '') {%- endmacro %}

{% macro bigquery__raw_text(text) -%} nullif(trim({{ text }}, ' ' || chr(9) || chr(10) || chr(13)), '') {%- endmacro %}

{% macro redshift__raw_text(text) -%} nullif(btrim({{ text }}, ' ' || chr(9) || chr(10) || chr(13)), '') {%- endmacro %}
