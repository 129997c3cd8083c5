{#- Adds row_status and row_reason to the rows of raw(): what becomes of each raw row, by the first rule that holds.
    key: columns that tell rows apart (id where the table has one). needs: columns without which a row is quarantined.
    is_dated: created_date must be a time. ends_at_as_of: later rows are excluded. merges: a filled column says merged. -#}
{% macro row_rules(rows, key=['id'], needs=[], is_dated=false, ends_at_as_of=false, merges=none) -%}
    select
        *,
        {{ row_status('row_reason') }} as row_status
    from (
        select
            *,
            {{ row_reason(key, needs, is_dated, ends_at_as_of, merges) }} as row_reason
        from {{ rows }}
    ) as judged_rows
{%- endmacro %}

{% macro row_reason(key, needs, is_dated, ends_at_as_of, merges) -%}
    case
            {%- for column in key %}
                when {{ 'has_id and ' if column == 'id' }}{{ column }} is null then 'no {{ column }}'
            {%- endfor %}
                when not coalesce(is_active_version, true) then 'older_version'
                when {{ key | join(' is not null and ') }} is not null and {{ raw_copy_number(key) }} > 1
                    then 'duplicate_copy'
            {%- if merges %}
                when {{ merges }} is not null then 'merged into ' || {{ raw_key(merges) }}
            {%- endif %}
                when is_deleted or is_loader_deleted or loader_deleted_at is not null then 'deleted'
            {%- if is_dated %}
                when {{ 'has_created_date and ' if merges }}created_date is null
                    then coalesce('created_date is not a time: ' || created_date_text, 'created_date is empty')
            {%- endif %}
            {%- for column in needs %}
                when {{ column }} is null then 'no {{ column }}'
            {%- endfor %}
            {%- if ends_at_as_of %}
                when created_date > {{ as_of() }} then 'after_as_of'
            {%- endif %}
            end
{%- endmacro %}

{% macro row_status(reason) -%}
    case
        when {{ reason }} is null then 'used'
        when {{ reason }} like 'merged into %' then 'merged'
        when {{ reason }} in ('older_version', 'duplicate_copy', 'deleted', 'after_as_of') then 'excluded'
        else 'quarantined'
    end
{%- endmacro %}

{#- 1 for the copy of a row that counts: last modified, then last synced, then first read. -#}
{% macro raw_copy_number(key) -%}
    row_number() over (
        partition by crm, coalesce(is_active_version, true), {{ key | join(', ') }}
        order by last_modified_date desc nulls last, synced_at desc nulls last, raw_row_number
    )
{%- endmacro %}
