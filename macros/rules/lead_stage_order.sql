{#- Order of the stages of a lead, for events of the same second. -#}
{% macro lead_stage_order(stage) -%}
    case {{ stage }}
    {%- for name in [
        'captured', 'handed_over', 'working', 'accepted', 'conversation', 'opportunity', 'won', 'lost', 'rejected', 'nurture'
    ] %}
        when '{{ name }}' then {{ loop.index }}
    {%- endfor %}
    end
{%- endmacro %}
