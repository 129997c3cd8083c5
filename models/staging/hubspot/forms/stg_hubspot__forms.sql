-- Grain: one row per row of the raw table form.
with

source_rows as (
    {{ raw(source('hubspot', 'form')) }}
),

judged as (
    {{ row_rules('source_rows', key=['guid'], needs=['guid']) }}
),

stg_hubspot__forms as (
    select crm, {{ raw_key('guid') }} as form_id, name, row_status, row_reason
    from judged
)

select * from stg_hubspot__forms
