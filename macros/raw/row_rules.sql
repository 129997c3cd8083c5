{#- Adds row_status and row_reason to the rows of raw(): what becomes of each raw row, by the first rule that holds.
    key: columns that tell rows apart (none: each row counts). needs: columns without which a row is quarantined. dated_by: a
    column that must be a time, where the table has it. ends_by: later rows are excluded. merges: a filled column says merged.
    keeps_versions: rows that are not active are history, no older versions. copies_in: the source that the rows are read from;
    then copies are looked for in its key columns alone, which takes a fraction of the memory. forgotten: says whether the row is
    of a person who asked to be forgotten. -#}
{% macro row_rules(
    rows, key=['id'], needs=[], dated_by=none, ends_by=none, merges=none, keeps_versions=false, copies_in=none,
    forgotten='is_forgotten'
) -%}
    {%- set is_lean = copies_in is not none and raw_rows_are_numbered() -%}
    select
        *,
        {{ row_status('row_reason') }} as row_status
    from (
        select
            {{ rows }}.*,
            {{ row_reason(key, needs, dated_by, ends_by, merges, keeps_versions, is_lean, forgotten) }} as row_reason
        from {{ rows }}
        {%- if is_lean %}
        left join (
            {{ raw_copies(copies_in, key, keeps_versions) }}
        ) as copies on {{ rows }}.raw_row_number = copies.copy_row_number and {{ rows }}.crm = copies.copy_crm
        {%- endif %}
    ) as judged_rows
{%- endmacro %}

{% macro row_reason(key, needs, dated_by, ends_by, merges, keeps_versions, is_lean, forgotten) -%}
    {%- set told = columns_that_tell_presence() -%}
    case
                when {{ forgotten }} then 'forgotten'
            {%- for column in key if column in needs or column in told %}
                when {{ 'has_' ~ column ~ ' and ' if column in told }}{{ column_name(column) }} is null then 'no {{ column }}'
            {%- endfor %}
            {%- if not keeps_versions %}
                when not coalesce(is_active_version, true) then 'older_version'
            {%- endif %}
            {%- if is_lean %}
                when copies.copy_row_number is not null then 'duplicate_copy'
            {%- elif key %}
                when ({{ column_names(key) | join(' is not null or ') }} is not null) and {{ raw_copy_number(key, keeps_versions) }} > 1
                    then 'duplicate_copy'
            {%- endif %}
            {%- if merges %}
                when {{ merges }} is not null then 'merged into ' || {{ raw_key(merges) }}
            {%- endif %}
                when is_deleted or is_loader_deleted or loader_deleted_at is not null then 'deleted'
            {%- if dated_by %}
                when {{ 'has_' ~ dated_by ~ ' and ' if dated_by in told }}{{ column_name(dated_by) }} is null
                    then coalesce('{{ dated_by }} is not a time' || {{ shape_of_time(dated_by ~ '_text') }}, '{{ dated_by }} is empty')
            {%- endif %}
            {%- for column in needs if column not in key or column in told %}
                when {{ column_name(column) }} is null then 'no {{ column }}'
            {%- endfor %}
            {%- if ends_by %}
                when {{ column_name(ends_by) }} > {{ as_of() }} then 'after_as_of'
            {%- endif %}
            end
{%- endmacro %}

{#- How a text is written that should be a time, its digits as nines: `: 99/99/9999`. What has letters may be anything, and is
    not told. -#}
{% macro shape_of_time(text) -%}
    case
                        when translate({{ text }}, '0123456789-/.: ', '') <> '' or length({{ text }}) > 30 then ''
                        else ': ' || translate({{ text }}, '0123456789', '9999999999')
                    end
{%- endmacro %}

{#- Columns of the model's raw tables of which raw() says whether they are there: has_<column>. -#}
{% macro columns_that_tell_presence() -%}
    {%- set names = [] -%}
    {%- for source in (graph.sources.values() if execute else []) if source.unique_id in model.depends_on.nodes -%}
        {%- for column in source.columns.values() if column.config.meta.get('tells_presence') -%}
            {%- do names.append(column.name) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(names) }}
{%- endmacro %}

{% macro row_status(reason) -%}
    case
        when {{ reason }} is null then 'used'
        when {{ reason }} like 'merged into %' then 'merged'
        when {{ reason }} in ('older_version', 'duplicate_copy', 'deleted', 'after_as_of', 'not_a_lead', 'forgotten', 'past_retention') then 'excluded'
        else 'quarantined'
    end
{%- endmacro %}

{#- What copies of a row have in common. -#}
{% macro raw_identity(key, keeps_versions) -%}
    crm, {{ 'coalesce(is_active_version, true), ' if not keeps_versions }}{{ column_names(key) | join(', ') }}
{%- endmacro %}

{#- 1 for the copy of a row that counts: last modified, then last synced, then first read. -#}
{% macro raw_copy_number(key, keeps_versions) -%}
    row_number() over (
        partition by {{ raw_identity(key, keeps_versions) }}
        order by last_modified_date desc nulls last, synced_at desc nulls last, raw_row_number
    )
{%- endmacro %}

{#- The rows that are copies of another one which counts. Few rows are: those whose hash stands once are not sorted. -#}
{% macro raw_copies(relation, key, keeps_versions) -%}
    {%- set identity = raw_identity(key, keeps_versions) -%}
    select crm as copy_crm, raw_row_number as copy_row_number
    from (
        select crm, raw_row_number, {{ raw_copy_number(key, keeps_versions) }} as copy_number
        from (
            {{ raw(relation, only=key + ['last_modified_date']) }}
        ) as keyed_rows
        where
            ({{ column_names(key) | join(' is not null or ') }} is not null)
            and hash({{ identity }}) in (
                select hash({{ identity }})
                from (
                    {{ raw(relation, only=key) }}
                ) as keyed_rows
                group by 1
                having count(*) > 1
            )
    ) as numbered_rows
    where copy_number > 1
{%- endmacro %}

{#- Whether rows are found again by their number: it is the order of reading. -#}
{% macro raw_rows_are_numbered() -%} {{ return(adapter.dispatch('raw_rows_are_numbered')()) }} {%- endmacro %}
{% macro default__raw_rows_are_numbered() -%} {{ return(false) }} {%- endmacro %}
{% macro duckdb__raw_rows_are_numbered() -%} {{ return(true) }} {%- endmacro %}
