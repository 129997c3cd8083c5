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

{#- The name of a company; null for a text that stands for none, which would make one company of all who have it. -#}
{% macro named_company(text) -%} case when not {{ says_nothing(text) }} then {{ text }} end {%- endmacro %}
