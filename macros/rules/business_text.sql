{#- What may be published of a text that should be the name of something: the text, unless it holds an e-mail address or a phone
    number, or is longer than any name; then what it was. Null stays null. -#}
{% macro business_text(text) -%}
    case
            when {{ holds_email(text) }} or {{ holds_hidden_email(text) }} then '(e-mail address)'
            when {{ holds_phone(text) }} then '(phone number)'
            when length({{ text }}) > 255 then '(long text)'
            else {{ text }}
        end
{%- endmacro %}

{#- The same for the name of a company, which tells companies apart: what is none is null. -#}
{% macro company_text(text) -%}
    case when not ({{ holds_email(text) }} or {{ holds_hidden_email(text) }} or {{ holds_phone(text) }}) and length({{ text }}) <= 255 then {{ text }} end
{%- endmacro %}

{#- An id; what exports write where there is none is none. Where a CRM has e-mail addresses for ids, a pseudonym of it, the same
    wherever the id stands. -#}
{% macro id_text(text) -%}
    case
            when {{ text }} in ({{ "'" ~ no_ids() | join("', '") ~ "'" }}) then null
            when {{ holds_email(text) }} then {{ pseudonym(text) }}
            else {{ whole_id(text) }}
        end
{%- endmacro %}

{#- The name of something, or a word for it; what tools write where there is none is none. -#}
{% macro label_text(text) -%}
    case when {{ text }} not in ({{ "'" ~ no_ids() | join("', '") ~ "'" }}) then {{ business_text(text) }} end
{%- endmacro %}

{#- Salesforce's empty lookup, and the words of tools for nothing. -#}
{% macro no_ids() -%}
    {{ return(('000000000000000', '000000000000000AAA', 'null', 'NULL', 'Null', 'none', 'None', 'nan', 'NaN', 'NaT', 'n/a', 'N/A', '<NA>',
        '#N/A', '(null)', 'undefined', '-', '--')) }}
{%- endmacro %}

{% macro pseudonym(text) -%} 'id-' || substr({{ hash_text(text) }}, 1, 16) {%- endmacro %}

{#- Looking for a character first spares nearly every value the search for a pattern. -#}
{% macro holds_email(text) -%}
    ({{ text }} like '%@%' and {{ holds_pattern(text, '[^ @]@[^ @]+[.][^ @.0-9]') }})
{%- endmacro %}

{#- As links and some forms write it. -#}
{% macro holds_hidden_email(text) -%}
    (({{ text }} like '%＠%' or {{ position_of("'%40'", text) }} > 0) and {{ holds_pattern(text, '[^ ](＠|%40)[^ ]+[.][^ .0-9]') }})
{%- endmacro %}

{#- With a country code after + or 00; or with a zero: an area code and six more digits, or five pairs; or as three groups of 3, 3 and 4.
    No date and no range of dates is one of these. Bare numbers are as often the id of a campaign. A blank may be one that keeps
    words on a line. -#}
{% macro holds_phone(text) -%}
    (length({{ text }}) > 7 and {{ holds_pattern(text, [
        '[+][0-9][0-9 \u00a0()./-]{5,}[0-9]',
        '(^|[^0-9A-Za-z])00[1-9][0-9]{0,2}[ \u00a0][0-9 \u00a0()-]{6,}[0-9]',
        '(^|[^0-9A-Za-z])[(]?0[0-9]{2,5}[)]?[ /-]?[0-9]{3}([ -]?[0-9]){3,}',
        '(^|[^0-9])0[1-9]([ .-][0-9][0-9]){4}([^0-9]|$)',
        '(^|[^0-9])[(]?[0-9]{3}([)] ?|[)]?[ .-]{1,2})[0-9]{3}[ .-][0-9]{4}([^0-9]|$)',
    ] | join('|')) }})
{%- endmacro %}
