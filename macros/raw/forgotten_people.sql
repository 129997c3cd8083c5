{#- Everything that stands for someone who asked to be forgotten, one row (person_hash) each: what is on the list, and all records
    that share an address with it, were merged into it or converted into it, step by step, over every CRM. -#}
{% macro forgotten_people() -%}
    {%- if not forgotten_list() -%}
        {{ return('select cast(null as ' ~ text_type() ~ ') as person_hash from ' ~ one_row() ~ ' where 1 = 0') }}
    {%- endif -%}
    {%- set tables, pairs, parts = person_tables(), [], [] -%}
    {%- for table in tables -%}
        {%- do pairs.extend(person_pairs(table)) -%}
        {%- do parts.extend(person_parts(table)) -%}
    {%- endfor %}
    with recursive
    {%- for table in tables %}

    {{ table.name }} as (
        {{ table.rows }}
    ),
    {%- endfor %}

    pairs as (
        select cast(near as {{ text_type() }}) as near, cast(far as {{ text_type() }}) as far
        from (
        {{ (pairs or ["select null as near, null as far"]) | join('\n        union all\n        ') }}
        ) as told_pairs
    ),

    parts as (
        {{ (parts or ["select cast(null as varchar) as held, cast(null as varchar) as person"]) | join('\n        union all\n        ') }}
    ),

    steps as (
        select near, far from pairs where far is not null
        union all
        select far as near, near as far from pairs where far is not null
    ),

    people as (
        select near as person
        from (select near from pairs union select far as near from pairs) as all_people
        where {{ person_hash('near') }} in (select person_hash from {{ forgotten_list() }})

        union

        select steps.far as person
        from people
        inner join steps on people.person = steps.near
    ),

    -- What several persons have a part in goes with the last of them.
    held as (
        select parts.held
        from (select distinct held, person from parts where person is not null) as parts
        left join people on parts.person = people.person
        group by parts.held
        having count(*) = count(people.person)
    )

    select distinct {{ person_hash('person') }} as person_hash
    from (select person from people union all select held as person from held) as found
{%- endmacro %}

{#- The raw tables that know persons: dicts of name, rows (SQL), own (first column with an id of the row's own person) and persons. -#}
{% macro person_tables() -%}
    {%- set tables = [] -%}
    {%- for layout in crm_layouts().values() | unique | sort -%}
        {%- for source in graph.sources.values() if source.source_name == layout -%}
            {%- set persons, selects, own = person_columns(layout, source.name), [], [] -%}
            {%- for column, person in persons.items() if person.kind in ('id', 'same') -%} {%- do own.append(column) -%} {%- endfor -%}
            {%- for crm in crms_of(layout) if persons -%}
                {%- set found = find_raw_table(crm, source.name, layout) -%}
                {%- do selects.append(raw_select(layout, crm, source.name, found, persons.keys() | list)) -%}
            {%- endfor -%}
            {%- if selects -%}
                {%- do tables.append({'name': layout ~ '_' ~ source.name, 'rows': selects | join('\n        union all\n'),
                    'own': own[0] if own else none, 'persons': persons}) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(tables) }}
{%- endmacro %}

{#- Selects of pairs (near, far) that are one person. -#}
{% macro person_pairs(table) -%}
    {%- if not table.own -%} {{ return([]) }} {%- endif -%}
    {%- set near = person_id_text(column_name(table.own)) -%}
    {%- set pairs = ['select ' ~ near ~ ' as near, cast(null as ' ~ text_type() ~ ') as far from ' ~ table.name] -%}
    {%- for column, person in table.persons.items() if column != table.own -%}
        {%- set name = column_name(column) -%}
        {%- if person.kind == 'same' -%}
            {%- do pairs.append('select ' ~ near ~ ' as near, ' ~ person_id_text(name) ~ ' as far from ' ~ table.name) -%}
        {%- elif person.kind == 'same_listed' -%}
            {%- set items = split_rows(table.name, ['crm', column_name(table.own)], name) -%}
            {%- do pairs.append('select ' ~ near ~ ' as near, ' ~ person_id_text(dbt.split_part('item', "':'", 1)) ~ ' as far from (' ~ items ~ ') as items') -%}
        {%- elif person.kind == 'address' -%}
            {%- set items = 'select crm, ' ~ column_name(table.own) ~ ', ' ~ typed_addresses(name) ~ ' as item from ' ~ table.name -%}
            {%- do pairs.append('select ' ~ near ~ " as near, 'address:' || " ~ email_key(name) ~ ' as far from ' ~ table.name) -%}
            {%- do pairs.append('select ' ~ near ~ " as near, 'address:' || " ~ email_key('item') ~ ' as far from (' ~ items ~ ') as items') -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(pairs) }}
{%- endmacro %}

{#- Each address in a text that may hold several, whatever stands between them. -#}
{% macro typed_addresses(text) -%} {{ return(adapter.dispatch('typed_addresses')(text, "'[^][[:space:]\",;:<>(){}]+@[^][[:space:]\",;:<>(){}]+'")) }} {%- endmacro %}
{% macro default__typed_addresses(text, pattern) -%} {{ return('unnest(regexp_extract_all(' ~ text ~ ', ' ~ pattern ~ '))') }} {%- endmacro %}
{% macro postgres__typed_addresses(text, pattern) -%} {{ return('(regexp_matches(' ~ text ~ ', ' ~ pattern ~ ", 'g'))[1]") }} {%- endmacro %}

{#- Selects of what is held with persons, and each of those. -#}
{% macro person_parts(table) -%}
    {%- set parts = [] -%}
    {%- for held, part in table.persons.items() if part.kind == 'with' -%}
        {%- set held_text = person_id_text(column_name(held), part.held_as) -%}
        {%- for column, person in table.persons.items() -%}
            {%- set name = column_name(column) -%}
            {%- if person.kind in ('of', 'named') -%}
                {%- do parts.append('select ' ~ held_text ~ ' as held, ' ~ person_id_text(name) ~ ' as person from ' ~ table.name) -%}
            {%- elif person.kind == 'listed' -%}
                {%- set items = split_rows(table.name, ['crm', column_name(held)], name) -%}
                {%- do parts.append('select ' ~ held_text ~ ' as held, ' ~ person_id_text('item') ~ ' as person from (' ~ items ~ ') as items') -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(parts) }}
{%- endmacro %}
