-- Grain: one row per row of the raw table form_submission.
{{ config(materialized='table') }}

with

source_rows as (
    {{ raw(source('hubspot', 'form_submission')) }}
),

typed as (
    {{ json_rows('source_rows', ['crm', 'answers'], 'answers') }}
),

emails as (
    select crm, answers, max({{ email_key(json_text('item', 'value')) }}) as email
    from typed
    where {{ folded(json_text('item', 'name')) }} = 'email'
    group by crm, answers
),

with_emails as (
    select
        source_rows.*,
        {{ is_forgotten_address('emails.email') }} as is_by_forgotten,
        case when not {{ is_forgotten_address('emails.email') }} then emails.email end as email
    from source_rows
    left join emails
        on source_rows.crm = emails.crm and source_rows.answers = emails.answers
),

told_apart as (
    select
        *,
        email || '/' || coalesce(form_id, '') || '/' || coalesce(conversion_id, '') || '/'
        || coalesce(substr({{ moment_text('submitted_at') }}, 1, 19), '') as submission
    from with_emails
),

judged as (
    {{ row_rules(
        'told_apart', key=['email', 'form_id', 'submitted_at', 'conversion_id'],
        needs=['email'], ends_by='submitted_at', forgotten='is_by_forgotten'
    ) }}
),

stg_hubspot__form_submissions as (
    select
        crm,
        -- The address is in no id: it would be published.
        {{ raw_key(hash_text('submission')) }} as submission_id,
        {{ raw_key('form_id') }} as form_id,
        email,
        submitted_at,
        row_status,
        row_reason
    from judged
)

select * from stg_hubspot__form_submissions
