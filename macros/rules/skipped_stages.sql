{#- Names of the stages below the furthest one that a lead never entered, with commas; null for none.
    missing_if: stage -> condition, in the order of the stages. -#}
{% macro skipped_stages(furthest, missing_if) -%}
    {%- set order = ['captured', 'handed_over', 'accepted', 'conversation', 'opportunity', 'won'] -%}
    nullif(substr(
    {%- for stage, condition in missing_if.items() %}
        case
            when {{ condition }} and {{ furthest }} in ('{{ order[order.index(stage) + 1:] | join("', '") }}')
                then ',{{ stage }}'
            else ''
        end{{ ' ||' if not loop.last }}
    {%- endfor %}
    , 2), '')
{%- endmacro %}
