-- Grain: one row per row of the raw table contact_form_submission, as a response.
with

forms as (
    select * from {{ ref('stg_hubspot__forms') }} where row_status = 'used'
),

stg_hubspot__responses as (
    select
        submissions.crm,
        submissions.submission_id as response_id,
        submissions.contact_id as lead_id,
        submissions.contact_id,
        -- A form belongs to no campaign.
        cast(null as varchar) as campaign_id,
        coalesce(forms.name, submissions.page_title) as offer,
        submissions.submitted_at as responded_at,
        submissions.row_status
    from {{ ref('stg_hubspot__contact_form_submissions') }} as submissions
    left join forms on submissions.form_id = forms.form_id
)

select * from stg_hubspot__responses
