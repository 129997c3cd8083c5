{#- A stage of HubSpot's Lead object without the number that a pipeline hangs on it: `unqualified-stage-id-123` and
    `unqualified_stage_id_123` are `unqualified`. -#}
{% macro lead_object_stage(stage) -%}
    {%- set mark = position_of("'-stage-id'", "replace(lower(" ~ stage ~ "), '_', '-')") -%}
    case
            when {{ mark }} > 0 then nullif(substr({{ stage }}, 1, {{ mark }} - 1), '')
            else {{ stage }}
        end
{%- endmacro %}
