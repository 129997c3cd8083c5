{#- A timestamp as text, such as 2026-10-31 09:00:00, as it is part of ids. -#}
{% macro moment_text(moment) -%} {{ return(adapter.dispatch('moment_text')(moment)) }} {%- endmacro %}
{% macro default__moment_text(moment) -%} {{ return('cast(' ~ moment ~ ' as ' ~ text_type() ~ ')') }} {%- endmacro %}
{% macro bigquery__moment_text(moment) -%} {{ return('cast(cast(' ~ moment ~ ' as datetime) as string)') }} {%- endmacro %}
{% macro snowflake__moment_text(moment) -%} {{ return("to_varchar(" ~ moment ~ ", 'YYYY-MM-DD HH24:MI:SS')") }} {%- endmacro %}
{% macro trino__moment_text(moment) -%} {{ return("date_format(" ~ moment ~ ", '%Y-%m-%d %H:%i:%s')") }} {%- endmacro %}
