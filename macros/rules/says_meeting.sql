{#- Whether one of the words of a kind of activity, in the singular or the plural, says that people met. -#}
{% macro says_meeting(type, of_words) -%}
    (
        {%- for word in of_words %}
        {{ 'or ' if not loop.first }}coalesce({{ words(type) }} like '% {{ word }} %', false)
        or coalesce({{ words(type) }} like '% {{ word }}s %', false)
        {%- endfor %}
        )
{%- endmacro %}
