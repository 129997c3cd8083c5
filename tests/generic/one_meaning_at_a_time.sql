{#- No value of a definition has two rows in force on the same day: it would count twice. Nor does a row end before it
    begins: it would never count. Mend: end one row with valid_to. A definition that is_dated: false is always in force;
    by_words: values that are the same words are the same. -#}
{% test one_meaning_at_a_time(model, columns, is_dated=true, by_words=false) %}
with

rules as (
    select
        {% for column in columns %}
        {%- set text = "coalesce(" ~ column ~ ", '')" %}
        {{ words(text) if by_words else folded(text) }} as {{ column }},
        {%- endfor %}
        coalesce({{ 'valid_from' if is_dated else 'null' }}, cast('0001-01-01' as date)) as valid_from,
        coalesce({{ 'valid_to' if is_dated else 'null' }}, cast('9999-12-31' as date)) as valid_to
    from {{ model }}
),

numbered as (
    select *, row_number() over (order by {{ columns | join(', ') }}, valid_from, valid_to) as row_in_seed
    from rules
)

select earlier.*
from numbered as earlier
inner join numbered as later
    on
        earlier.row_in_seed < later.row_in_seed
        and earlier.valid_from < later.valid_to
        and later.valid_from < earlier.valid_to
        {% for column in columns %} and earlier.{{ column }} = later.{{ column }} {% endfor %}

union all

select * from numbered where valid_to <= valid_from
{% endtest %}
