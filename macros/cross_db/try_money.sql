{#- The slow road of try_number. Currency marks and spaces go, brackets are a minus, and separators are read as English or as
    continental where only one of the two is possible. -#}
{% macro try_money(text) -%}
    {{ return(adapter.dispatch('try_money')(text)) }}
{%- endmacro %}

{#- PostgreSQL's try_number does it in a function of its own; elsewhere what is no plain number is null. -#}
{% macro default__try_money(text) -%} {{ dbt.safe_cast(text, double_type()) }} {%- endmacro %}

{% macro duckdb__try_money(text) -%}
    {%- set bare = "regexp_replace(" ~ text ~ ", '[\\s\\p{Z}\\p{Sc}'']', '', 'g')" -%}
    {%- set bare = "regexp_replace(" ~ bare ~ ", '^([(-]?)[A-Z]{2,3}|(EUR|USD|GBP|CHF)(\\)?)$', '\\1\\3')" -%}
    list_transform([regexp_replace({{ bare }}, '^\((.+)\)$', '-\1')], lambda money: try_cast(case
                when regexp_full_match(money, '-?\d{1,3}(,\d{3})+(\.\d+)?') then replace(money, ',', '')
                when regexp_full_match(money, '-?(\d{1,3}(\.\d{3})+|\d+),\d{1,2}|-?\d{1,3}(\.\d{3}){2,}')
                    then replace(replace(money, '.', ''), ',', '.')
                when regexp_full_match(money, '-?\d+(\.(\d{1,2}|\d{4,}))?') then money
            end as double))[1]
{%- endmacro %}

{% macro spark__try_money(text) -%}
    {%- set bare = "regexp_replace(" ~ text ~ ", r\"[\\s\\p{Z}\\p{Sc}']\", '')" -%}
    {%- set bare = "regexp_replace(" ~ bare ~ ", '^([(-]?)[A-Z]{2,3}|(EUR|USD|GBP|CHF)([)]?)$', '$1$3')" -%}
    transform(array(regexp_replace({{ bare }}, '^[(](.+)[)]$', '-$1')), money -> try_cast(case
                when money rlike '^-?[0-9]{1,3}(,[0-9]{3})+([.][0-9]+)?$' then replace(money, ',', '')
                when money rlike '^(-?([0-9]{1,3}([.][0-9]{3})+|[0-9]+),[0-9]{1,2}|-?[0-9]{1,3}([.][0-9]{3}){2,})$'
                    then replace(replace(money, '.', ''), ',', '.')
                when money rlike '^-?[0-9]+([.]([0-9]{1,2}|[0-9]{4,}))?$' then money
            end as double))[0]
{%- endmacro %}
