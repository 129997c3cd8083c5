-- Grain: one row per lead record or contact that was merged into another.
with

stg_salesforce__lead_merges as (
    select
        crm,
        lead_id,
        master_lead_id as into_lead_id,
        -- Salesforce moves the history that it keeps to the survivor.
        false as keeps_history,
        false as is_contact,
        'used' as row_status
    from {{ ref('stg_salesforce__leads') }}
    where row_status = 'merged'

    union all

    select
        crm,
        contact_id as lead_id,
        master_contact_id as into_lead_id,
        false as keeps_history,
        true as is_contact,
        'used' as row_status
    from {{ ref('stg_salesforce__contacts') }}
    where row_status = 'merged'
)

select * from stg_salesforce__lead_merges
