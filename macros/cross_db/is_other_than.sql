{#- Whether two values differ, where null is a value: never null itself. -#}
{% macro is_other_than(one, other) -%} {{ return(adapter.dispatch('is_other_than')(one, other)) }} {%- endmacro %}

{% macro default__is_other_than(one, other) -%} {{ return('(' ~ one ~ ' is distinct from ' ~ other ~ ')') }} {%- endmacro %}

{% macro redshift__is_other_than(one, other) -%}
    {{ return('(not coalesce(' ~ one ~ ' = ' ~ other ~ ', ' ~ one ~ ' is null and ' ~ other ~ ' is null))') }}
{%- endmacro %}

{#- The opposite, as joins need it. -#}
{% macro is_same_as(one, other) -%} {{ return(adapter.dispatch('is_same_as')(one, other)) }} {%- endmacro %}

{% macro default__is_same_as(one, other) -%} {{ return(one ~ ' is not distinct from ' ~ other) }} {%- endmacro %}

{% macro redshift__is_same_as(one, other) -%}
    {{ return('(' ~ one ~ ' = ' ~ other ~ ' or (' ~ one ~ ' is null and ' ~ other ~ ' is null))') }}
{%- endmacro %}
