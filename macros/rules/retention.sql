{#- Leads captured longer ago than the setting says, and deals closed longer ago, are not published. 0 keeps all. -#}
{% macro retention_months() -%} {{ return(var('retention_months', 0) | int) }} {%- endmacro %}

{#- Whether a day lies inside the retention; what has no day does, for nothing says how old it is. -#}
{% macro is_retained(day) -%}
    {%- if not retention_months() -%} {{ return('true') }} {%- endif -%}
    coalesce({{ day }} >= cast({{ dbt.dateadd('month', -retention_months(), today()) }} as date), true)
{%- endmacro %}
