{#- DuckDB only: the slow road of try_number. Currency marks and spaces go, brackets are a minus, and the separators are
    read as English or as continental wherever only one of the two is possible. -#}
{% macro try_money(text) -%}
    list_transform(
        [regexp_replace(regexp_replace({{ text }}, '[\s\p{Sc}'']', '', 'g'), '^([(-]*)[A-Z]{2,3}|(EUR|USD|GBP|CHF)(\)?)$', '\1\3')],
        lambda money: case when money like '(%)' then -1 else 1 end * try_cast(
            case
                when regexp_full_match(trim(money, '()'), '-?\d{1,3}(,\d{3})+(\.\d+)?') then replace(trim(money, '()'), ',', '')
                when regexp_full_match(trim(money, '()'), '-?(\d{1,3}(\.\d{3})+|\d+),\d{1,2}|-?\d{1,3}(\.\d{3}){2,}')
                    then replace(replace(trim(money, '()'), '.', ''), ',', '.')
                when regexp_full_match(trim(money, '()'), '-?\d+(\.\d{1,2})?') then trim(money, '()')
            end as double
        )
    )[1]
{%- endmacro %}
