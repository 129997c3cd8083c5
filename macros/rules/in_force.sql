{#- A definition row counts from valid_from up to, not including, valid_to; an empty end is open. -#}
{% macro in_force(rule, day) -%}
    ({{ rule }}.valid_from is null or {{ rule }}.valid_from <= {{ day }})
    and ({{ rule }}.valid_to is null or {{ day }} < {{ rule }}.valid_to)
{%- endmacro %}
