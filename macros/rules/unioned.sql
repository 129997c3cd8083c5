{#- The rows of one object over the staging models of every layout, in one shape. `layout` is read off the model's name. -#}
{% macro unioned(models, columns, used_only=true) -%}
    {%- for model in models %}
    select
        '{{ model.split('__')[0] | replace('stg_', '') }}' as layout,
        {{ columns | join(',\n        ') }}
    from {{ ref(model) }}
    {%- if used_only %}
    where row_status = 'used'
    {%- endif %}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
{%- endmacro %}
