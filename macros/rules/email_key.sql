{#- What tells persons apart: the address trimmed and in lower case; without what follows a plus sign where the setting says
    so. Null for what is no address. -#}
{% macro email_key(email) -%}
    case
        when {{ email }} like '%@%'
            then {{ folded(email) if not var('merge_plus_addresses', false) else without_plus(folded(email)) }}
    end
{%- endmacro %}

{% macro without_plus(email) -%}
    {{ return("regexp_replace(" ~ email ~ ", '[+][^@]*@', '@')") }}
{%- endmacro %}
