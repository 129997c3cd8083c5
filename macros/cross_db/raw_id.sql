{#- An id in the form of the leads' ids: exports by hand hold 15 characters, loaders bring 18, and both must meet. Three are added
    as Salesforce's checksum: one character per five, its bits telling which of them are capitals. -#}
{% macro raw_id(text, form) -%}
    {%- if form == 'short' -%} {{ return('case when length(' ~ text ~ ') = 18 then substr(' ~ text ~ ', 1, 15) else ' ~ text ~ ' end') }} {%- endif -%}
    {{ return(adapter.dispatch('raw_id')(text)) }}
{%- endmacro %}

{% macro default__raw_id(text) -%}
    case
            when length({{ text }}) = 15
                and translate({{ text }}, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', '') = ''
                then {{ text }}
                {%- for first in [1, 6, 11] %} || substr(
                    'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345',
                    1
                    {%- for place in range(5) %}
                    + case when {{ position_of('substr(' ~ text ~ ', ' ~ (first + place) ~ ', 1)', "'ABCDEFGHIJKLMNOPQRSTUVWXYZ'") }} > 0
                        then {{ 2 ** place }} else 0 end
                    {%- endfor %},
                    1
                )
                {%- endfor %}
            else {{ text }}
        end
{%- endmacro %}

{% macro duckdb__raw_id(text) -%}
    case
            when length({{ text }}) = 15 and regexp_full_match({{ text }}, '[0-9A-Za-z]+')
                then {{ text }} || array_to_string(list_transform([1, 6, 11], lambda first: substr(
                    'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345',
                    1 + cast(list_sum(list_transform([0, 1, 2, 3, 4], lambda place:
                        case when substr({{ text }}, first + place, 1) between 'A' and 'Z' then 1 << place else 0 end
                    )) as bigint),
                    1
                )), '')
            else {{ text }}
        end
{%- endmacro %}

{#- A loader of a cloud warehouse brings 18 characters. -#}
{% macro snowflake__raw_id(text) -%} {{ text }} {%- endmacro %}
{% macro bigquery__raw_id(text) -%} {{ text }} {%- endmacro %}
{% macro redshift__raw_id(text) -%} {{ text }} {%- endmacro %}
{% macro trino__raw_id(text) -%} {{ text }} {%- endmacro %}
