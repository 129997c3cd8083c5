{#- Band of a lead score, twenty points each from 0 to 99; null without a score. -#}
{% macro score_band(score) -%}
    case
            when {{ score }} < 0 then 'below 0'
            {%- for least in range(0, 100, 20) %}
            when {{ score }} < {{ least + 20 }} then '{{ least }}-{{ least + 19 }}'
            {%- endfor %}
            when {{ score }} >= 100 then '100+'
        end
{%- endmacro %}
