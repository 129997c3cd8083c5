{{ config(materialized='ephemeral') }}
-- One row per question of trust for which something is not in the data: which tables and columns.
with

crms as (
    select count(distinct crm) as crm_count from {{ ref('int_fields_unioned') }}
),

not_found as (
    select
        fields.layout,
        fields.raw_table,
        fields.column_name,
        case when crms.crm_count > 1 then fields.crm || '.' else '' end || fields.raw_table as place
    from {{ ref('int_fields_unioned') }} as fields
    cross join crms
    where not fields.is_found
),

needed as (
    select distinct questions.question_order, not_found.place, not_found.column_name
    from {{ ref('trust_fields') }} as questions
    inner join not_found
        on
            questions.layout = not_found.layout
            and questions.raw_table = not_found.raw_table
            and coalesce(questions.raw_column, '') = coalesce(not_found.column_name, '')
    union all
    -- The last question lists them all: of a table that is not there the table alone.
    select distinct
        15 as question_order,
        not_found.place,
        not_found.column_name
    from not_found
    left join not_found as whole_tables
        on not_found.place = whole_tables.place and whole_tables.column_name is null
    where not_found.column_name is null or whole_tables.place is null
),

int_absent_fields as (
    select
        question_order,
        {{ dbt.listagg(
            "place || coalesce('.' || column_name, '')", "', '", 'order by place, column_name'
        ) }} as fields
    from needed
    group by question_order
)

select * from int_absent_fields
