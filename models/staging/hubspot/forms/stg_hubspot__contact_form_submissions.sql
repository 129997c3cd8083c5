-- Grain: one row per row of the raw table contact_form_submission.
{{ config(materialized='table') }}

with

source_rows as (
    {{ raw(source('hubspot', 'contact_form_submission')) }}
),

judged as (
    {{ row_rules(
        'source_rows', key=['contact_id', 'form_id', 'timestamp', 'conversion_id'],
        needs=['contact_id'], ends_by='timestamp'
    ) }}
),

stg_hubspot__contact_form_submissions as (
    select
        crm,
        -- Submissions have no id of their own: what tells them apart is the key.
        {{ raw_key('contact_id') }} || '/' || coalesce(form_id, '') || '/'
        || coalesce(conversion_id, '') || '/'
        || coalesce(substr({{ moment_text(column_name('timestamp')) }}, 1, 19), '')
            as submission_id,
        {{ raw_key('contact_id') }} as contact_id,
        {{ raw_key('form_id') }} as form_id,
        title as page_title,
        {{ column_name('timestamp') }} as submitted_at,
        row_status,
        row_reason
    from judged
)

select * from stg_hubspot__contact_form_submissions
