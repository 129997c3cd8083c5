{#- The columns of a definition hold no other words than these (empty is one of them only where listed as none). A misspelt
    word would otherwise make the row mean nothing, without a word. -#}
{% test known_words(model, words) %}
{% for column, known in words.items() %}
select '{{ column }}' as column_name, {{ column }} as unknown_word
from {{ model }}
where {{ column }} is null or {{ column }} not in ('{{ known | join("', '") }}')
{{ 'union all' if not loop.last }}
{% endfor %}
{% endtest %}
