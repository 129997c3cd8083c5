{#- Text in the order month/day/year as a timestamp; years of two or four digits, with or without a time. -#}
{% macro try_us_timestamp(text) -%}
    {{ return(adapter.dispatch('try_us_timestamp')(text)) }}
{%- endmacro %}

{#- PostgreSQL's try_timestamp does it in a function of its own; elsewhere it is none. -#}
{% macro default__try_us_timestamp(text) -%} cast(null as timestamp) {%- endmacro %}

{% macro duckdb__try_us_timestamp(text) -%}
    {%- set formats = [] -%}
    {%- for time in [' %I:%M %p', '', ' %I:%M:%S %p', ' %H:%M', ' %H:%M:%S', ' %I:%M%p', ' %I:%M:%S%p'] -%}
        {%- for year in ['%y', '%Y'] -%} {%- do formats.append('%m/%d/' ~ year ~ time) -%} {%- endfor -%}
    {%- endfor -%}
    case
                when regexp_matches({{ text }}, '/([0-9]{2}|[0-9]{4})($|[ ,])')
                    then list_transform(
                        [try_strptime(replace({{ text }}, ',', ''), {{ formats }})], lambda moment: {{ in_calendar('moment') }}
                    )[1]
            end
{%- endmacro %}

{% macro spark__try_us_timestamp(text) -%}
    {%- set tries = [] -%}
    {%- for time in [' h:mm a', '', ' h:mm:ss a', ' H:mm', ' H:mm:ss', ' h:mma', ' h:mm:ssa'] -%}
        {%- for year in ['yy', 'yyyy'] -%}
            {%- do tries.append("try_to_timestamp(replace(" ~ text ~ ", ',', ''), 'M/d/" ~ year ~ time ~ "')") -%}
        {%- endfor -%}
    {%- endfor -%}
    coalesce({{ tries | join(', ') }})
{%- endmacro %}
