{#- DuckDB only: text in the order month/day/year as a timestamp; years of two or four digits, with or without a time. -#}
{% macro try_us_timestamp(text) -%}
    {%- set formats = [] -%}
    {%- for time in [' %I:%M %p', '', ' %I:%M:%S %p', ' %H:%M', ' %H:%M:%S'] -%}
        {%- for year in ['%y', '%Y'] -%} {%- do formats.append('%m/%d/' ~ year ~ time) -%} {%- endfor -%}
    {%- endfor -%}
    try_strptime(replace({{ text }}, ',', ''), {{ formats }})
{%- endmacro %}
