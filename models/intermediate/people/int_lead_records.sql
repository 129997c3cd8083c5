-- One row per raw lead row that is used or merged, with the lead it belongs to and what finally
-- became of the row. A lead that was captured too long ago to be kept is none.
with

merge_chains as (
    select * from {{ ref('int_lead_merges') }} where is_lead
),

records as (
    select
        leads.layout, leads.crm, leads.raw_table, leads.lead_id, leads.created_at,
        leads.last_modified_at, leads.status, leads.is_converted, leads.converted_at,
        leads.converted_opportunity_id, leads.company_id, leads.row_status,
        -- A contact that was merged is the one that is left.
        coalesce(contact_chains.surviving_record_id, leads.person_contact_id) as person_contact_id,
        {{ email_key('leads.email') }} as email_key,
        -- A conversion dated after as_of has not happened yet; history knows best when it was.
        coalesce(coalesce(conversion_rows.converted_at, leads.converted_at) <= {{ as_of() }}, true)
            as is_conversion_known,
        coalesce(leads.person_contact_id = leads.lead_id, false) as is_own_contact
    from {{ ref('int_leads_unioned') }} as leads
    left join {{ ref('int_lead_merges') }} as contact_chains
        on leads.person_contact_id = contact_chains.record_id and contact_chains.is_contact
    left join {{ ref('int_conversion_rows') }} as conversion_rows
        on leads.lead_id = conversion_rows.record_id
    where leads.row_status in ('used', 'merged')
),

shared_emails as (
    select email_key
    from records
    where row_status = 'used' and email_key is not null
    group by email_key
    having count(*) > 1
),

-- Survivor of a shared e-mail: a Salesforce record first, for sales works there; then a converted
-- one, then the oldest, then the smallest id.
email_groups as (
    select
        records.lead_id as record_id,
        first_value(records.lead_id) over (
            partition by records.email_key
            order by
                case when records.layout = 'salesforce' then 0 else 1 end,
                case when records.is_converted and records.is_conversion_known then 0 else 1 end,
                records.created_at nulls last,
                records.lead_id
            rows unbounded preceding
        ) as surviving_record_id
    from records
    inner join shared_emails on records.email_key = shared_emails.email_key
    where records.row_status = 'used'
),

settled as (
    select
        records.layout,
        records.crm,
        records.raw_table,
        records.created_at,
        records.last_modified_at,
        records.status,
        records.email_key,
        coalesce(records.is_converted, false) and records.is_conversion_known as is_converted,
        case
            when records.is_conversion_known and records.converted_at <= {{ as_of() }}
                then records.converted_at
        end as converted_at,
        case when records.is_conversion_known then records.converted_opportunity_id end
            as converted_opportunity_id,
        -- Activities move to the contact on conversion: the contact leads home even when that was
        -- after as_of.
        records.person_contact_id,
        -- Where leads are contacts, a conversion makes neither a contact nor a company.
        case
            when records.is_conversion_known or records.is_own_contact
                then records.person_contact_id
        end as converted_contact_id,
        case
            when records.is_conversion_known or records.is_own_contact then records.company_id
        end as company_id,
        records.is_conversion_known,
        records.lead_id as record_id,
        coalesce(
            email_groups.surviving_record_id,
            merged_groups.surviving_record_id,
            merge_chains.surviving_record_id,
            case when records.row_status = 'used' then records.lead_id end
        ) as lead_id,
        records.row_status = 'merged' as is_merged_away,
        case
            when records.row_status = 'merged' then 'merged'
            when email_groups.surviving_record_id <> records.lead_id then 'merged'
            else 'used'
        end as row_status,
        case
            when records.row_status = 'merged'
                then 'merged into ' || coalesce(merge_chains.surviving_record_id, 'nobody')
            when email_groups.surviving_record_id <> records.lead_id
                then 'same e-mail as ' || email_groups.surviving_record_id
        end as row_reason
    from records
    left join email_groups on records.lead_id = email_groups.record_id
    left join merge_chains on records.lead_id = merge_chains.record_id
    left join email_groups as merged_groups
        on merge_chains.surviving_record_id = merged_groups.record_id
),

captured as (
    select
        settled.*,
        {%- if retention_months() %}
        min(case when not settled.is_merged_away then settled.created_at end)
            over (partition by settled.lead_id)
        {%- else %}
        settled.created_at
        {%- endif %} as captured_at
    from settled
),

told as (
    select
        captured.*,
        not {{ is_retained(reporting_day('captured_at')) }} as is_past_retention
    from captured
),

int_lead_records as (
    select
        layout, crm, raw_table, created_at, last_modified_at, status, email_key,
        is_converted, converted_at, converted_opportunity_id, person_contact_id,
        converted_contact_id, company_id, is_conversion_known, record_id,
        case when not is_past_retention then lead_id end as lead_id,
        is_merged_away,
        is_past_retention,
        case when is_past_retention and not is_merged_away then 'excluded' else row_status end
            as row_status,
        case when is_past_retention and not is_merged_away then 'past_retention' else row_reason end
            as row_reason
    from told
)

select * from int_lead_records
