{% macro row_fates(models) -%}
    {%- for model, raw_table, key in models %}
    select crm, {{ raw_table }} as raw_table, {{ key }} as raw_id, row_status, row_reason
    from {{ ref(model) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
