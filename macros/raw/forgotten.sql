{#- Persons who asked to be forgotten are told by salted hashes of addresses and ids. The list of the hashes, with their salt,
    is read by the statements themselves: no compiled file, manifest or log of dbt holds either. What to select the list from
    (columns person_hash, salt, forgotten_on), or nothing where nobody asked. -#}
{% macro forgotten_list() -%} {{ return(adapter.dispatch('forgotten_list')() if execute else '') }} {%- endmacro %}
{% macro default__forgotten_list() -%} {{ return('') }} {%- endmacro %}
{% macro redshift__forgotten_list() -%} {{ return('') }} {%- endmacro %}

{% macro duckdb__forgotten_list() -%}
    {%- set file = env_var('LEADSIGNAL_FORGOTTEN', '') or (env_var('LEADSIGNAL_WAREHOUSE', '') or env_var('LEADSIGNAL_WORK', '') or 'warehouse') ~ '/forgotten.csv' -%}
    {%- set is_there = run_query("select 1 from glob('" ~ raw_pattern(file) ~ "')").rows | length > 0 -%}
    {%- set columns = "{'person_hash': 'varchar', 'salt': 'varchar', 'forgotten_on': 'varchar'}" -%}
    {{ return("read_csv('" ~ raw_pattern(file) ~ "', header = true, auto_detect = false, delim = ',', columns = " ~ columns ~ ")" if is_there else '') }}
{%- endmacro %}

{% macro postgres__forgotten_list() -%}
    {%- set list = adapter.get_relation(target.database, target.schema ~ '_private', 'forgotten') -%}
    {{ return(list | string if list else '') }}
{%- endmacro %}

{#- The hash of what stands for a person: 'id:<crm>:<id>', 'address:<e-mail>', or '<kind>:<crm>:<id>' of something held with persons. -#}
{% macro person_hash(value) -%}
    {{ return(adapter.dispatch('person_hash')("(select max(salt) from " ~ forgotten_list() ~ ")", value)) }}
{%- endmacro %}
{% macro default__person_hash(salt, value) -%} {{ return('sha256(' ~ salt ~ ' || ' ~ value ~ ')') }} {%- endmacro %}
{% macro postgres__person_hash(salt, value) -%}
    {{ return("encode(sha256(convert_to(" ~ salt ~ " || " ~ value ~ ", 'UTF8')), 'hex')") }}
{%- endmacro %}

{#- Whether it stands for someone who asked. A record is found through all that ties it to them; an address is also asked of the list. -#}
{% macro is_forgotten(value, is_address=false) -%}
    {%- if not forgotten_list() -%} {{ return('false') }} {%- endif -%}
    {%- set hashes = 'select person_hash from ' ~ ref('stg_forgotten__people') -%}
    {{ return('coalesce(' ~ person_hash(value) ~ ' in (' ~ hashes
        ~ (' union all select person_hash from ' ~ forgotten_list() if is_address) ~ '), false)') }}
{%- endmacro %}

{% macro is_forgotten_address(email) -%} {{ return(is_forgotten("'address:' || " ~ email_key(email), is_address=true)) }} {%- endmacro %}

{% macro person_id_text(id, kind='id') -%} {{ return("'" ~ kind ~ ":' || crm || ':' || " ~ id) }} {%- endmacro %}

{#- What the columns of a raw table have to do with persons, as the source's YAML says (meta `person`): name -> dict of kind and
    held_as. Kinds: `id` and `same`, ids of the row's own person; `same_listed`, more of them in a list; `address`, e-mails;
    `of`, whom the row belongs to (`of_lead`: unless the row is of a deal); `named` and `listed`, persons who are only mentioned;
    `with`, something (`held_as`) that several persons may have a part in. -#}
{% macro person_columns(layout, table) -%}
    {%- set columns = {} -%}
    {%- for source in graph.sources.values() if source.source_name == layout and source.name == table -%}
        {%- for column in source.columns.values() if column.config.meta.get('person') -%}
            {%- do columns.update({column.name: {'kind': column.config.meta.person, 'held_as': column.config.meta.get('held_as')}}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}

{#- The rows of a raw table with is_forgotten told, and nothing left in those that are: what becomes of the row can be counted,
    whom it was of is not there. Persons who are only mentioned go from rows that stay. -#}
{% macro remembered_rows(rows, layout, table, persons, only) %}
    select
        crm,
        raw_row_number,
        is_of_forgotten as is_forgotten
        {%- for field in raw_marks() + raw_fields(layout, table, only) %},
        {{ remembered_value(field.name, persons.get(field.name, {}).get('kind')) }} as {{ column_name(field.name) }}
        {%- if field.keeps_text %},
        case when not is_of_forgotten then {{ field.name }}_text end as {{ field.name }}_text
        {%- endif %}
        {%- if field.tells_presence %},
        has_{{ field.name }}
        {%- endif %}
        {%- endfor %}
    from (
        select *, {{ rows_of_forgotten(persons) }} as is_of_forgotten
        from ({{ rows }}) as all_rows
    ) as told_rows
{%- endmacro %}

{% macro remembered_value(column, kind) -%}
    {%- set name = column_name(column) -%}
    {%- if kind == 'named' -%} {{ return('case when not is_of_forgotten and not ' ~ is_forgotten(person_id_text(name)) ~ ' then ' ~ name ~ ' end') }}
    {%- elif kind == 'listed' -%} {{ return('case when not is_of_forgotten then ' ~ remembered_list(name) ~ ' end') }}
    {%- endif -%}
    {{ return('case when not is_of_forgotten then ' ~ name ~ ' end') }}
{%- endmacro %}

{#- A list of ids without those that are forgotten; the two homes that know a list of them split text alike. -#}
{% macro remembered_list(ids) -%}
    (
            select string_agg(item, ';')
            from (
                select nullif(trim(unnest(string_to_array({{ separated(ids) }}, ','))), '') as item
            ) as items
            where item is not null and not {{ is_forgotten(person_id_text('item')) }}
        )
{%- endmacro %}

{% macro rows_of_forgotten(persons) -%}
    {%- set ways = ['false'] -%}
    {%- for column, person in persons.items() -%}
        {%- set name = column_name(column) -%}
        {%- if person.kind in ('id', 'same', 'of') -%} {%- do ways.append(is_forgotten(person_id_text(name))) -%}
        {%- elif person.kind == 'with' -%} {%- do ways.append(is_forgotten(person_id_text(name, person.held_as))) -%}
        {%- elif person.kind == 'address' -%} {%- do ways.append(is_forgotten_address(name)) -%}
        {%- elif person.kind == 'of_lead' -%}
            {%- set is_of_deal = "coalesce(" ~ folded('object') ~ ", '') in ('opportunity', 'opportunities', 'deal', 'deals')" -%}
            {%- do ways.append('(not ' ~ is_of_deal ~ ' and ' ~ is_forgotten(person_id_text(name)) ~ ')') -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(ways | join('\n            or ')) }}
{%- endmacro %}
