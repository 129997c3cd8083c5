{#- The type of text of any length. -#}
{% macro text_type() -%} {{ return(adapter.dispatch('text_type')()) }} {%- endmacro %}
{% macro default__text_type() -%} {{ return('varchar') }} {%- endmacro %}
{#- A plain varchar cuts after 256 bytes there. -#}
{% macro redshift__text_type() -%} {{ return('varchar(65535)') }} {%- endmacro %}
{% macro bigquery__text_type() -%} {{ return('string') }} {%- endmacro %}
{% macro spark__text_type() -%} {{ return('string') }} {%- endmacro %}
