{#- A timestamp moved by whole days; may be negative. -#}
{% macro add_days(moment, days) -%}
    ({{ moment }} + interval '{{ days }}' day)
{%- endmacro %}
