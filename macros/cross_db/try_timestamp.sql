{#- Text as a timestamp in UTC; null where it is none. Text without a zone is UTC, a day without a time is 00:00:00. -#}
{% macro try_timestamp(text) -%}
    {{ return(adapter.dispatch('try_timestamp')(text)) }}
{%- endmacro %}

{% macro default__try_timestamp(text) -%}
    {{ dbt.safe_cast(text, api.Column.translate_type('timestamp')) }}
{%- endmacro %}

{% macro postgres__try_timestamp(text) -%} {{ home_function('try_timestamp') }}({{ text }}) {%- endmacro %}

{#- DuckDB drops a zone when it casts to timestamp, and takes 10/11/26 for the year 10: so the zone is always written out,
    and only four digits and a hyphen or a slash are a year. Going through microseconds keeps the session's time zone out. -#}
{% macro duckdb__try_timestamp(text) -%}
    case
            when strpos({{ text }}, '/') = 5 then {{ duckdb_iso_timestamp("replace(" ~ text ~ ", '/', '-')") }}
            when contains({{ text }}, '/') then {{ try_us_timestamp(text) }}
            when not contains({{ text }}, '-') then {{ try_epoch(text) }}
            else {{ duckdb_iso_timestamp(text) }}
        end
{%- endmacro %}

{#- At both ends of the calendar a zone would move a moment out of it; and some programs write the first or the last for none. -#}
{% macro duckdb_iso_timestamp(text) -%}
    case
                when strpos({{ text }}, '-') <> 5 or {{ text }} < '0002' or '9999-12-31' < {{ text }} or contains({{ text }}, '(')
                    then null
                when length({{ text }}) <= 10 then cast(try_cast({{ text }} as date) as timestamp)
                else make_timestamp(epoch_us(coalesce(
                    case when not contains({{ text }}, '+') then try_cast({{ text }} || '+00' as timestamptz) end,
                    try_cast(replace(replace(replace({{ text }}, ' +', '+'), ' -', '-'), ' Z', 'Z') as timestamptz)
                )))
            end
{%- endmacro %}

{#- Milliseconds since 1970, or seconds with a fraction (dlt's load ids). Plain numbers of ten digits may be anything. -#}
{% macro try_epoch(text) -%}
    case
                when regexp_full_match({{ text }}, '\d{12,14}([.]0+)?')
                    then make_timestamp(1000 * cast({{ dbt.split_part(text, "'.'", 1) }} as bigint))
                when regexp_full_match({{ text }}, '\d{10}[.]\d+')
                    then make_timestamp(cast(1000000 * cast({{ text }} as double) as bigint))
            end
{%- endmacro %}

{#- Text without a zone would be of the session's, so UTC is written out; a bare day takes none. -#}
{% macro snowflake__try_timestamp(text) -%}
    case
            when length({{ text }}) <= 10 then cast(try_to_date({{ text }}) as timestamp_ntz)
            else cast(convert_timezone('UTC', coalesce(
                try_cast({{ text }} || '+00:00' as timestamp_tz), try_cast({{ text }} as timestamp_tz)
            )) as timestamp_ntz)
        end
{%- endmacro %}

{% macro redshift__try_timestamp(text) -%} (try_cast({{ text }} as timestamptz) at time zone 'UTC') {%- endmacro %}

{% macro trino__try_timestamp(text) -%}
    case
            when length({{ text }}) <= 10 then cast(try_cast({{ text }} as date) as timestamp)
            else cast(at_timezone(coalesce(
                try(from_iso8601_timestamp(replace({{ text }}, ' ', 'T') || 'Z')),
                try(from_iso8601_timestamp(replace({{ text }}, ' ', 'T')))
            ), 'UTC') as timestamp)
        end
{%- endmacro %}

{#- The session's time zone is UTC, so text without a zone is. A bare year and month are no time. -#}
{% macro spark__try_timestamp(text) -%}
    case
            when {{ text }} rlike '^[0-9]{4}/[0-9]{1,2}/[0-9]'
                then try_cast(replace(replace(replace({{ text }}, '/', '-'), ' +', '+'), ' -', '-') as timestamp)
            when contains({{ text }}, '/') then {{ try_us_timestamp(text) }}
            when {{ text }} rlike '^[0-9]{12,14}([.]0+)?$'
                then timestamp_millis(try_cast({{ dbt.split_part(text, "'.'", 1) }} as bigint))
            when {{ text }} rlike '^[0-9]{10}[.][0-9]+$'
                then timestamp_micros(cast(1000000 * try_cast({{ text }} as double) as bigint))
            when {{ text }} rlike '^[0-9]{4}-[0-9]{1,2}-[0-9]'
                then try_cast(replace(replace({{ text }}, ' +', '+'), ' -', '-') as timestamp)
        end
{%- endmacro %}
