{#- Within so many standard errors of a normal variable lie 95% of it. -#}
{% macro z_of_95_percent() -%} {{ return(1.959963984540054) }} {%- endmacro %}

{#- Whether so many cases are too few to rank or advise on. -#}
{% macro is_small_sample(cases) -%} {{ cases }} < {{ var('min_sample') }} {%- endmacro %}

{#- Four columns: a rate of counts, the ends of its 95% interval by Wilson (`_low`, `_high`), all null where there is nothing to
    divide by, and whether its cases are too few (`_is_small_sample`). -#}
{% macro rate_with_interval(name, numerator, denominator) -%}
    {%- set z = z_of_95_percent() -%}
    {%- set rest = '(' ~ denominator ~ ' - ' ~ numerator ~ ')' -%}
    {%- set spread = z ~ ' * sqrt(cast(' ~ numerator ~ ' as ' ~ double_type() ~ ') * ' ~ rest ~ ' / nullif(' ~ denominator ~ ', 0) + ' ~ z * z / 4 ~ ')' -%}
    {{ rate(numerator, denominator) }} as {{ name }},
        {#- Rounding must not put the ends of 'none' and 'all' beside 0 and 1. -#}
        {%- for end, sign, certain, limit in [('low', '-', numerator, '0.0'), ('high', '+', rest, '1.0')] %}
        case
            when {{ denominator }} = 0 then null
            when {{ certain }} = 0 then {{ limit }}
            else ({{ numerator }} + {{ z * z / 2 }} {{ sign }} {{ spread }}) / ({{ denominator }} + {{ z * z }})
        end as {{ name }}_{{ end }},
        {%- endfor %}
        {{ is_small_sample(denominator) }} as {{ name }}_is_small_sample
{%- endmacro %}
