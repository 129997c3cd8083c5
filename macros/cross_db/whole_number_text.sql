{#- A number as text without decimals; what no whole number can hold (a phone number in the wrong column) is said to be so. -#}
{% macro whole_number_text(value) -%}
    case
        when {{ value }} is null then null
        when abs({{ value }}) < 1e15 then cast(cast({{ value }} as bigint) as {{ text_type() }})
        else 'beyond counting'
    end
{%- endmacro %}
