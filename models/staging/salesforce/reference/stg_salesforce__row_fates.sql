-- Grain: one row per raw row: what becomes of it.
with

stg_salesforce__row_fates as (
    {{ row_fates([
        ('stg_salesforce__leads', 'raw_table', 'lead_id'),
        ('stg_salesforce__lead_history', "'lead_history'", 'history_id'),
        ('stg_salesforce__companies', "'account'", 'company_id'),
        ('stg_salesforce__contacts', "'contact'", 'contact_id'),
        ('stg_salesforce__opportunities', 'raw_table', 'opportunity_id'),
        ('stg_salesforce__opportunity_history', "'opportunity_history'", 'history_id'),
        ('stg_salesforce__opportunity_field_history', "'opportunity_field_history'", 'history_id'),
        ('stg_salesforce__stages', "'opportunity_stage'", 'stage'),
        ('stg_salesforce__opportunity_contacts', "'opportunity_contact_role'", 'role_id'),
        ('stg_salesforce__campaigns', "'campaign'", 'campaign_id'),
        ('stg_salesforce__campaign_members', "'campaign_member'", 'member_id'),
        ('stg_salesforce__tasks', "'task'", 'task_id'),
        ('stg_salesforce__meetings', "'event'", 'meeting_id'),
        ('stg_salesforce__owners', 'raw_table', 'owner_id'),
        ('stg_salesforce__currency_rates', 'raw_table', 'currency'),
    ]) }}
)

select * from stg_salesforce__row_fates
