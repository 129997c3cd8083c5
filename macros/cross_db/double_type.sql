{#- The type of a floating-point number of eight bytes. -#}
{% macro double_type() -%} {{ return(adapter.dispatch('double_type')()) }} {%- endmacro %}
{% macro default__double_type() -%} {{ return('double precision') }} {%- endmacro %}
{% macro bigquery__double_type() -%} {{ return('float64') }} {%- endmacro %}
{% macro spark__double_type() -%} {{ return('double') }} {%- endmacro %}
