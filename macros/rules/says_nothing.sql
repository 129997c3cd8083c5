{#- Whether a text is one of those that stand for none: a dash, a question mark, `n/a`, `unknown`. A long one is not, unread. -#}
{% macro says_nothing(text) -%}
    case
            when coalesce(length({{ text }}), 0) < 20
                then {{ words(text) }} in (
                    '  ', ' n a ', ' na ', ' nan ', ' null ', ' unknown ', ' tbd ', ' not available ', ' not applicable ', ' not specified '
                )
            else false
        end
{%- endmacro %}
