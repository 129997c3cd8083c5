{#- Does a folded value meet a rule? equals, starts_with, or phrase (whole words). -#}
{% macro rule_matches(operator, value, rule_value) -%}
    case {{ operator }}
        when 'equals' then {{ value }} = {{ rule_value }}
        when 'starts_with' then substr({{ value }}, 1, length({{ rule_value }})) = {{ rule_value }}
        when 'phrase' then {{ position_of(words(rule_value), words(value)) }} > 0
    end
{%- endmacro %}
