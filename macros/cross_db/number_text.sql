{#- A number as text, a whole one without decimals; what no whole number can hold (a phone number in the wrong column) is said to be so. -#}
{% macro number_text(value) -%}
    case
        when {{ value }} is null then null
        when abs({{ value }}) >= 1e15 then 'beyond counting'
        when {{ value }} = cast({{ value }} as bigint)
            then cast(cast({{ value }} as bigint) as {{ text_type() }})
        else cast({{ value }} as {{ text_type() }})
    end
{%- endmacro %}
