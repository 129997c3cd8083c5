{#- Functions that a home lacks and models call by `home_function`: made before anything is built. Only PostgreSQL has any; it
    knows no cast that gives null for what cannot be cast, so what can be is told first, by its form. -#}
{% macro make_functions() -%} {{ return(adapter.dispatch('make_functions')()) }} {%- endmacro %}

{% macro default__make_functions() -%} {%- endmacro %}

{#- Redshift falls back on PostgreSQL's macros, and needs none of these. -#}
{% macro redshift__make_functions() -%} {%- endmacro %}

{% macro postgres__make_functions() -%}
    create schema if not exists {{ adapter.quote(target.schema ~ '_functions') }};
    {{ postgres_moment_function() }}
    {{ postgres_us_moment_function() }}
    {{ postgres_iso_moment_function() }}
    {{ postgres_try_timestamp_function() }}
    {{ postgres_try_date_function() }}
    {{ postgres_try_money_function() }}
    {{ postgres_try_number_function() }}
    {{ postgres_try_json_function() }}
{%- endmacro %}

{% macro postgres_function(name, parameters, gives, declared='') -%}
    create or replace function {{ home_function(name) }}({{ parameters }}) returns {{ gives }}
    language plpgsql immutable strict parallel safe as $function$
    {{ declared }}
    begin
    {{ caller() }}
    end $function$;
{%- endmacro %}

{#- From year, month, day and, where there are any, hour, minute, second: the moment, or null where the calendar has no such one. -#}
{% macro postgres_moment_function() -%}
    {% call postgres_function('moment', 'parts text[]', 'timestamp', 'declare p double precision[] := parts;') %}
        if p[1] < 1 or p[2] not between 1 and 12 or p[3] not between 1 and 31
            or coalesce(p[5], 0) > 59 or coalesce(p[6], 0) >= 60
            or coalesce(p[4] * 3600 + p[5] * 60 + coalesce(p[6], 0), 0) > 86400
            or extract(day from make_date(p[1]::int, p[2]::int, 1) + interval '1 month - 1 day') < p[3] then
            return null;
        end if;
        return make_date(p[1]::int, p[2]::int, p[3]::int)
            + coalesce(p[4], 0) * interval '1 hour' + coalesce(p[5], 0) * interval '1 minute'
            + coalesce(left(parts[6], 9)::numeric, 0) * interval '1 second';
    {% endcall %}
{%- endmacro %}

{#- Month/day/year, with or without a time. -#}
{% macro postgres_us_moment_function() -%}
    {% call postgres_function('us_moment', 'value text', 'timestamp', 'declare p text[]; at timestamp;') %}
        p := regexp_match(value,
            '^\s*(\d{1,2})/(\d{1,2})/(\d{2}|\d{4})(?:\s+(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?(?:\s*([AaPp][Mm]))?)?\s*$');
        if p[7] is not null then
            if p[4]::int not between 1 and 12 then return null; end if;
            p[4] := p[4]::int % 12 + case when lower(p[7]) = 'pm' then 12 else 0 end;
        end if;
        if length(p[3]) = 2 then p[3] := p[3]::int + case when p[3]::int < 69 then 2000 else 1900 end; end if;
        at := {{ home_function('moment') }}(array[p[3], p[1], p[2], p[4], p[5], p[6]]);
        return {{ in_calendar('at') }};
    {% endcall %}
{%- endmacro %}

{#- Year-month-day, with or without a time, fraction and offset; as it is written, or moved by the offset. -#}
{% macro postgres_iso_moment_function() -%}
    {% call postgres_function('iso_moment', 'value text, is_moved boolean', 'timestamp', 'declare p text[]; at timestamp;') %}
        p := regexp_match(value, '^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:T| +)(\d{1,2}):(\d{1,2})(?::(\d{1,2}(?:\.\d*)?))?'
            || ' *(?:Z|UTC|GMT|([+-])(\d\d)(?::?(\d\d))?(?::?(\d\d))?)?)? *$');
        at := {{ home_function('moment') }}(p[1:6]);
        if is_moved and p[7] is not null then
            at := at - (p[7] || '1')::int * (p[8]::int * interval '1 hour'
                + coalesce(p[9]::int, 0) * interval '1 minute' + coalesce(p[10]::int, 0) * interval '1 second');
        end if;
        return {{ in_calendar('at') }};
    {% endcall %}
{%- endmacro %}

{#- What most loaders write is cast without a closer look. -#}
{% macro postgres_try_timestamp_function() -%}
    {% call postgres_function('try_timestamp', 'value text', 'timestamp') %}
        return case
            when value ~ ('^[12]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])'
                || '([T ]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?(Z|\+00:?00)?)?$') then value::timestamp
            when value like '____-%' then {{ home_function('iso_moment') }}(value, true)
            when value ~ '^\d{4}/' then {{ home_function('iso_moment') }}(replace(value, '/', '-'), true)
            when value like '%/%' then {{ home_function('us_moment') }}(replace(value, ',', ''))
            when value ~ '^\d{12,14}([.]0+)?$' then timestamp '1970-01-01' + split_part(value, '.', 1)::bigint * interval '1 millisecond'
            when value ~ '^\d{10}[.]\d+$' then timestamp '1970-01-01' + value::double precision * interval '1 second'
        end;
    {% endcall %}
{%- endmacro %}

{% macro postgres_try_date_function() -%}
    {% call postgres_function('try_date', 'value text', 'date') %}
        return case
            when value like '____-%' then {{ home_function('iso_moment') }}(value, false)
            when value ~ '^\d{4}/' then {{ home_function('iso_moment') }}(replace(value, '/', '-'), false)
            when value like '%/%' then {{ home_function('us_moment') }}(replace(value, ',', ''))
        end;
    {% endcall %}
{%- endmacro %}

{#- See try_money. -#}
{% macro postgres_try_money_function() -%}
    {% call postgres_function('try_money', 'value text', 'text', 'declare bare text;') %}
        bare := regexp_replace(value,
            '[\s\u00A0\u2000-\u200A\u2028\u2029\u202F\u205F\u3000$\u00A2-\u00A5\u058F\u060B\u0E3F\u20A0-\u20C0\uFF04'']', '', 'g');
        bare := regexp_replace(bare, '^([(-]?)[A-Z]{2,3}|(EUR|USD|GBP|CHF)(\)?)$', '\1\3', 'g');
        bare := regexp_replace(bare, '^\((.+)\)$', '-\1');
        return case
            when bare ~ '^-?\d{1,3}(,\d{3})+(\.\d+)?$' then replace(bare, ',', '')
            when bare ~ '^-?((\d{1,3}(\.\d{3})+|\d+),\d{1,2}|\d{1,3}(\.\d{3}){2,})$'
                then replace(replace(bare, '.', ''), ',', '.')
            when bare ~ '^-?\d+(\.(\d{1,2}|\d{4,}))?$' then bare
        end;
    {% endcall %}
{%- endmacro %}

{#- A cast of what a double cannot hold would stop the build: that is looked at as an exact number before. -#}
{% macro postgres_try_number_function() -%}
    {% call postgres_function('try_number', 'value text', 'double precision', 'declare exact numeric;') %}
        if value ~ '^-?\d{1,15}(\.\d{1,15})?$' then return value::double precision; end if;
        if value !~ '^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?\s*$' then
            value := {{ home_function('try_money') }}(value);
        end if;
        if value is null or length(value) > 1000 then return null; end if;
        exact := value::numeric;
        return case
            when abs(exact) > 1.797693134862315e308 then null
            when abs(exact) < 1e-307 then 0
            else exact::double precision
        end;
    {% endcall %}
{%- endmacro %}

{#- Null for text that is no JSON. There is no other way to tell than to try, which queries in parallel may not do. -#}
{% macro postgres_try_json_function() -%}
    create or replace function {{ home_function('try_json') }}(value text) returns json
    language plpgsql immutable strict parallel unsafe as $function$
    begin
        return value::json;
    exception when others then
        return null;
    end $function$;
{%- endmacro %}
