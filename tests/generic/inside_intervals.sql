{#- Each of the columns lies between its `_low` and `_high`; a rate's interval lies between 0 and 1. -#}
{% test inside_intervals(model, columns) %}
    select *
    from {{ model }}
    where
        {%- for column in columns %}
        not ({{ column }}_low <= {{ column }} and {{ column }} <= {{ column }}_high)
        {%- if column.endswith('rate') %}
        or not (0 <= {{ column }}_low and {{ column }}_high <= 1)
        or ({{ column }} is null) <> ({{ column }}_low is null)
        or ({{ column }} is null) <> ({{ column }}_high is null)
        {%- endif %}
        {{ 'or' if not loop.last }}
        {%- endfor %}
{% endtest %}
