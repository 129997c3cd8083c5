-- Grain: one row per row of the raw table organizations.
with source_rows as (
    {{ raw(source('pipedrive', 'organizations')) }}
),

organizations as (
    select *, coalesce(deleted_flag, not active_flag, false) as is_deleted from source_rows
),

judged as (
    {{ row_rules('organizations', needs=['id']) }}
),

stg_pipedrive__companies as (
    select
        crm,
        {{ raw_key('id') }} as company_id,
        name,
        industry,
        employee_count as employees,
        address_country as country,
        website,
        row_status,
        row_reason
    from judged
)

select * from stg_pipedrive__companies
