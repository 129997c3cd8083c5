{#- Every staging model with the raw table it reads and its key: where each raw row is accounted for. Where one model reads
    two raw tables it has a column raw_table. -#}
{% macro staged_tables() -%}
    {{ return([
        ('stg_salesforce__lead_history', "'lead_history'", 'history_id'),
        ('stg_salesforce__accounts', "'account'", 'account_id'),
        ('stg_salesforce__contacts', "'contact'", 'contact_id'),
        ('stg_salesforce__opportunities', "'opportunity'", 'opportunity_id'),
        ('stg_salesforce__opportunity_history', "'opportunity_history'", 'history_id'),
        ('stg_salesforce__opportunity_field_history', "'opportunity_field_history'", 'history_id'),
        ('stg_salesforce__opportunity_stages', "'opportunity_stage'", 'stage'),
        ('stg_salesforce__opportunity_contact_roles', "'opportunity_contact_role'", 'role_id'),
        ('stg_salesforce__campaigns', "'campaign'", 'campaign_id'),
        ('stg_salesforce__campaign_members', "'campaign_member'", 'member_id'),
        ('stg_salesforce__tasks', "'task'", 'task_id'),
        ('stg_salesforce__events', "'event'", 'event_id'),
        ('stg_salesforce__owners', 'raw_table', 'owner_id'),
        ('stg_salesforce__currency_rates', 'raw_table', 'currency'),
    ]) }}
{%- endmacro %}
