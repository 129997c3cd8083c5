{#- Rows with a word of `bounded` in the column `of` are bounds: their operator is `low` or `high` and their value a number, one of
    each is in force at a time, and the low one is no higher than the high one. Rows with other words are none. -#}
{% test bounds_agree(model, of, bounded, low, high) %}
with

bounds as (
    select
        {{ of }} as subject,
        operator,
        {{ try_number('value') }} as bound,
        value,
        valid_from,
        valid_to,
        {{ of }} in ('{{ bounded | join("', '") }}') as is_bounded,
        operator in ('{{ low }}', '{{ high }}') as is_bound
    from {{ model }}
)

select subject, value from bounds where is_bounded <> is_bound or (is_bounded and bound is null)

union all

select one.subject, one.value
from bounds as one
inner join bounds as other
    on
        one.subject = other.subject
        and (one.valid_from is null or other.valid_to is null or one.valid_from < other.valid_to)
        and (other.valid_from is null or one.valid_to is null or other.valid_from < one.valid_to)
where
    one.is_bound
    and other.is_bound
    and (
        (one.operator = other.operator and one.value <> other.value)
        or (one.operator = '{{ low }}' and other.operator = '{{ high }}' and one.bound > other.bound)
    )
{% endtest %}
