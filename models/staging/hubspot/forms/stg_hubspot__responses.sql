-- Grain: one row per row of the raw tables contact_form_submission and form_submission, as a
-- response.
with

forms as (
    select * from {{ ref('stg_hubspot__forms') }} where row_status = 'used'
),

by_contact as (
    select * from {{ ref('stg_hubspot__contact_form_submissions') }}
),

by_email as (
    select * from {{ ref('stg_hubspot__form_submissions') }}
),

-- Contacts of one address are one person: any of them leads home.
addresses as (
    select
        crm,
        {{ email_key('email') }} as email,
        coalesce(min(case when row_status = 'used' then contact_id end), min(contact_id))
            as contact_id
    from {{ ref('stg_hubspot__contact_records') }}
    where row_status in ('used', 'merged')
    group by crm, {{ email_key('email') }}
),

-- A submission that names no contact is the same as one that does, in a CRM that has both tables.
crms_with_contacts as (
    select distinct crm from by_contact
),

submissions as (
    select crm, submission_id, contact_id, form_id, page_title, submitted_at, row_status
    from by_contact

    union all

    select
        by_email.crm,
        by_email.submission_id,
        addresses.contact_id,
        by_email.form_id,
        cast(null as {{ text_type() }}) as page_title,
        by_email.submitted_at,
        by_email.row_status
    from by_email
    left join addresses
        on by_email.crm = addresses.crm and by_email.email = addresses.email
    left join crms_with_contacts on by_email.crm = crms_with_contacts.crm
    where crms_with_contacts.crm is null
),

stg_hubspot__responses as (
    select
        submissions.crm,
        submissions.submission_id as response_id,
        submissions.contact_id as lead_id,
        submissions.contact_id,
        -- A form belongs to no campaign.
        cast(null as {{ text_type() }}) as campaign_id,
        coalesce(forms.name, submissions.page_title) as offer,
        submissions.submitted_at as responded_at,
        submissions.row_status
    from submissions
    left join forms on submissions.form_id = forms.form_id
)

select * from stg_hubspot__responses
