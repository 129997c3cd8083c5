{#- Where a text first begins inside another one, from 1; 0 where it does not. -#}
{% macro position_of(part, text) -%} {{ return(adapter.dispatch('position_of')(part, text)) }} {%- endmacro %}
{% macro default__position_of(part, text) -%} {{ return('position(' ~ part ~ ' in ' ~ text ~ ')') }} {%- endmacro %}
{% macro bigquery__position_of(part, text) -%} {{ return('strpos(' ~ text ~ ', ' ~ part ~ ')') }} {%- endmacro %}
