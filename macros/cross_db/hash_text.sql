{#- A text's MD5, as 32 hexadecimal digits in lower case. -#}
{% macro hash_text(text) -%} {{ return(adapter.dispatch('hash_text')(text)) }} {%- endmacro %}
{% macro default__hash_text(text) -%} {{ return('md5(' ~ text ~ ')') }} {%- endmacro %}
{% macro bigquery__hash_text(text) -%} {{ return('to_hex(md5(' ~ text ~ '))') }} {%- endmacro %}
{% macro trino__hash_text(text) -%} {{ return('lower(to_hex(md5(to_utf8(' ~ text ~ '))))') }} {%- endmacro %}
