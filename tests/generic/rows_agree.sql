{#- Rows of one value that are in force on the same day say the same in these columns: which of them holds would be chance. -#}
{% test rows_agree(model, of, columns) %}
select earlier.{{ of }}
from {{ model }} as earlier
inner join {{ model }} as later
    on
        earlier.{{ of }} = later.{{ of }}
        and (earlier.valid_from is null or later.valid_to is null or earlier.valid_from < later.valid_to)
        and (later.valid_from is null or earlier.valid_to is null or later.valid_from < earlier.valid_to)
where
    {% for column in columns %}
    earlier.{{ column }} <> later.{{ column }} {{ 'or' if not loop.last }}
    {% endfor %}
{% endtest %}
