{#- The name of a function that the home has been given by `make_functions`. -#}
{% macro home_function(name) -%} {{ return(adapter.quote(target.schema ~ '_functions') ~ '.' ~ name) }} {%- endmacro %}
