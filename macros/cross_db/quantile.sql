{#- Quantile with linear interpolation between the two nearest values, nulls left out. -#}
{% macro quantile(value, share) -%} {{ return(adapter.dispatch('quantile')(value, share)) }} {%- endmacro %}

{% macro default__quantile(value, share) -%}
    percentile_cont({{ share }}) within group (order by {{ value }})
{%- endmacro %}

{#- Where there is no exact one over groups: the two nearest of the values in order. -#}
{% macro interpolated(place, lower, upper) -%}
    ({{ lower }} + ({{ upper }} - {{ lower }}) * ({{ place }} - floor({{ place }})))
{%- endmacro %}

{% macro bigquery__quantile(value, share) -%}
    {%- set place, values = share ~ ' * (count(' ~ value ~ ') - 1)', 'array_agg(' ~ value ~ ' ignore nulls order by ' ~ value ~ ')' -%}
    {{ interpolated(
        '(' ~ place ~ ')',
        values ~ '[safe_offset(cast(floor(' ~ place ~ ') as int64))]',
        values ~ '[safe_offset(cast(ceil(' ~ place ~ ') as int64))]'
    ) }}
{%- endmacro %}

{% macro trino__quantile(value, share) -%}
    {%- set place = share ~ ' * (count(' ~ value ~ ') - 1)' -%}
    {%- set values = 'array_agg(' ~ value ~ ' order by ' ~ value ~ ') filter (where ' ~ value ~ ' is not null)' -%}
    {{ interpolated(
        '(' ~ place ~ ')',
        'element_at(' ~ values ~ ', cast(floor(' ~ place ~ ') as integer) + 1)',
        'element_at(' ~ values ~ ', cast(ceil(' ~ place ~ ') as integer) + 1)'
    ) }}
{%- endmacro %}
