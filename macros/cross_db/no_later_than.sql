{#- The earlier of a moment and a limit; null stays null (least() would give the limit). -#}
{% macro no_later_than(moment, limit) -%}
    case when {{ moment }} > {{ limit }} then {{ limit }} else {{ moment }} end
{%- endmacro %}
