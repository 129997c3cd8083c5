{#- Whether a text is one of those that stand for none: a dash, a question mark, `n/a`, `none`, `unknown`. A long one is not, unread. -#}
{% macro says_nothing(text) -%}
    case
            when coalesce(length({{ text }}), 0) < 20
                then {{ words(text) }} in (
                    '  ', ' n a ', ' na ', ' nan ', ' none ', ' null ', ' unknown ', ' tbd ', ' not available ', ' not applicable ', ' not specified '
                )
            else false
        end
{%- endmacro %}

{#- The text; null where it stands for none. -#}
{% macro stated(text) -%} case when not {{ says_nothing(text) }} then {{ text }} end {%- endmacro %}

{#- The same for a country: NA is Namibia. -#}
{% macro stated_country(text) -%} case when upper({{ text }}) = 'NA' or not {{ says_nothing(text) }} then {{ text }} end {%- endmacro %}
