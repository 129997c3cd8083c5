-- Grain: one row per raw row: what becomes of it.
with

stg_hubspot__row_fates as (
    {{ row_fates([
        ('stg_hubspot__leads', 'raw_table', 'lead_id'),
        ('stg_hubspot__contact_property_history', "'contact_property_history'", 'contact_id'),
        ('stg_hubspot__contact_merged_ids', "'contact_merged_id'", 'merged_contact_id'),
        ('stg_hubspot__contact_merge_audits', "'contact_merge_audit'", 'contact_id'),
        ('stg_hubspot__companies', "'company'", 'company_id'),
        ('stg_hubspot__lead_objects', "'lead'", 'lead_object_id'),
        ('stg_hubspot__lead_contacts', "'lead_contact'", 'lead_object_id'),
        ('stg_hubspot__lead_property_history', "'lead_property_history'", 'lead_object_id'),
        ('stg_hubspot__forms', "'form'", 'form_id'),
        ('stg_hubspot__contact_form_submissions', "'contact_form_submission'", 'contact_id'),
        ('stg_hubspot__form_submissions', "'form_submission'", 'submission_id'),
        ('stg_hubspot__owners', "'owner'", 'owner_id'),
        ('stg_hubspot__deals', "'deal'", 'deal_id'),
        ('stg_hubspot__archived_deals', "'deal_archived'", 'deal_id'),
        ('stg_hubspot__deal_stages', "'deal_stage'", 'deal_id'),
        ('stg_hubspot__deal_property_history', "'deal_property_history'", 'deal_id'),
        ('stg_hubspot__deal_pipelines', "'deal_pipeline'", 'pipeline_key'),
        ('stg_hubspot__deal_pipeline_stages', "'deal_pipeline_stage'", 'stage_id'),
        ('stg_hubspot__deal_contacts', 'raw_table', 'deal_id'),
        ('stg_hubspot__deal_companies', 'raw_table', 'deal_id'),
        ('stg_hubspot__merged_deals', "'merged_deal'", 'merged_deal_id'),
        ('stg_hubspot__engagements', "'engagement'", 'engagement_id'),
        ('stg_hubspot__engagement_calls', "'engagement_call'", 'engagement_id'),
        ('stg_hubspot__engagement_meetings', "'engagement_meeting'", 'engagement_id'),
        ('stg_hubspot__engagement_emails', "'engagement_email'", 'engagement_id'),
        ('stg_hubspot__engagement_tasks', "'engagement_task'", 'engagement_id'),
        ('stg_hubspot__engagement_contacts', "'engagement_contact'", 'engagement_id'),
        ('stg_hubspot__engagement_deals', "'engagement_deal'", 'engagement_id'),
    ]) }}
)

select * from stg_hubspot__row_fates
