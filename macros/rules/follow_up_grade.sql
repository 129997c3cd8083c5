{#- Whether follow-up can be measured, from the counts of due leads and of those from before the CRM's first activity. -#}
{% macro follow_up_grade(due_leads, before_activities) -%}
    case
        when {{ due_leads }} = 0 then 'none'
        when {{ before_activities }} > (1 - {{ var('min_answerable') }}) * {{ due_leads }} then 'unusable'
        else 'usable'
    end
{%- endmacro %}
