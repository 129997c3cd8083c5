{#- Does a folded value meet a rule? equals, starts_with, or phrase (whole words). -#}
{% macro rule_matches(operator, value, rule_value) -%}
    case {{ operator }}
        when 'equals' then {{ value }} = {{ rule_value }}
        when 'starts_with' then left({{ value }}, length({{ rule_value }})) = {{ rule_value }}
        when 'phrase' then position({{ words(rule_value) }} in {{ words(value) }}) > 0
    end
{%- endmacro %}
