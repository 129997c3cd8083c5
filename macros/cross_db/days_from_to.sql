{#- One row (date_day) per day between two dates, both included. -#}
{% macro days_from_to(first_day, last_day) -%}
    {{ return(adapter.dispatch('days_from_to')(first_day, last_day)) }}
{%- endmacro %}

{% macro default__days_from_to(first_day, last_day) -%}
    select cast(day_at as date) as date_day
    from generate_series(
        cast({{ first_day }} as timestamp), cast({{ last_day }} as timestamp), interval '1' day
    ) as series (day_at)
{%- endmacro %}

{% macro duckdb__days_from_to(first_day, last_day) -%}
    select cast(unnest(generate_series({{ first_day }}, {{ last_day }}, interval 1 day)) as date) as date_day
{%- endmacro %}

{#- A hundred years, of which what is beyond the last day goes. -#}
{% macro snowflake__days_from_to(first_day, last_day) -%}
    select date_day
    from (
        select cast(dateadd(day, row_number() over (order by null) - 1, {{ first_day }}) as date) as date_day
        from table(generator(rowcount => 36525))
    ) as days
    where date_day <= {{ last_day }}
{%- endmacro %}

{% macro bigquery__days_from_to(first_day, last_day) -%}
    select date_day
    from unnest(generate_date_array({{ first_day }}, {{ last_day }})) as date_day
{%- endmacro %}

{#- The same hundred years: generate_series is not for queries of tables there. -#}
{% macro redshift__days_from_to(first_day, last_day) -%}
    {%- set digits = '(' ~ (['select 0 as digit'] + ['select 1', 'select 2', 'select 3', 'select 4', 'select 5', 'select 6', 'select 7',
        'select 8', 'select 9']) | join(' union all ') ~ ')' -%}
    select date_day
    from (
        select
            cast(dateadd(day, ones.digit + 10 * tens.digit + 100 * hundreds.digit + 1000 * thousands.digit, {{ first_day }}) as date)
                as date_day
        from {{ digits }} as ones
        cross join {{ digits }} as tens
        cross join {{ digits }} as hundreds
        cross join {{ digits }} as thousands
    ) as days
    where date_day <= {{ last_day }}
{%- endmacro %}

{% macro trino__days_from_to(first_day, last_day) -%}
    select date_day
    from unnest(sequence({{ first_day }}, {{ last_day }}, interval '1' day)) as days (date_day)
{%- endmacro %}

{% macro spark__days_from_to(first_day, last_day) -%}
    select explode(sequence({{ first_day }}, {{ last_day }}, interval 1 day)) as date_day
{%- endmacro %}
