{#- Text such as true, TRUE, t, yes, y, 1 as a boolean; null where it is none. -#}
{% macro try_boolean(text) -%}
    case
            when lower({{ text }}) in ('true', 't', 'yes', 'y', '1', '1.0') then true
            when lower({{ text }}) in ('false', 'f', 'no', 'n', '0', '0.0') then false
        end
{%- endmacro %}
