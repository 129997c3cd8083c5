{#- A timestamp moved by whole hours; may be negative. -#}
{% macro add_hours(moment, hours) -%}
    ({{ moment }} + interval '{{ hours }}' hour)
{%- endmacro %}
