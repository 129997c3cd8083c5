{#- A word that the project uses for something else, such as `all` for all sources together. Mend: choose another word. -#}
{% test reserved_words(model, words) %}
{% for column, reserved in words.items() %}
select '{{ column }}' as column_name, {{ column }} as reserved_word
from {{ model }}
where {{ folded(column) }} in ('{{ reserved | join("', '") }}')
{{ 'union all' if not loop.last }}
{% endfor %}
{% endtest %}
