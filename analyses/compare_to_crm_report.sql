-- One row per month and lead source as a CRM report shows them, and what became of these rows here:
-- why the two numbers differ. Sum crm_rows by month and source for the number of the report, leads
-- for the number of the tables.
--   dbt show --select compare_to_crm_report --limit 500
with

raw_rows as (
    select * from {{ ref('int_leads_unioned') }}
),

records as (
    select * from {{ ref('int_lead_records') }}
),

leads as (
    select * from {{ ref('fct_leads') }}
),

compared as (
    select
        {{ reporting_month('raw_rows.created_at') }} as crm_month,
        coalesce(raw_rows.lead_source, '(empty)') as crm_source,
        leads.created_month as counted_in_month,
        leads.source as counted_as_source,
        -- Reports of a CRM leave deleted rows out; a record that was merged away is one of them.
        raw_rows.row_status <> 'merged'
        and coalesce(raw_rows.row_reason, '') <> 'deleted' as is_in_report,
        leads.lead_id is not null as is_lead,
        case
            when raw_rows.row_status = 'merged' then 'merged away in the CRM'
            when raw_rows.row_status = 'quarantined' then 'quarantined: ' || raw_rows.row_reason
            when raw_rows.row_status = 'excluded'
                then 'excluded: ' || replace(raw_rows.row_reason, '_', ' ')
            when records.row_status = 'merged' then 'same person as another record (e-mail)'
            when leads.created_at < raw_rows.created_at
                then 'a lead, counted when its first record was created'
            when leads.source = 'unknown' then 'a lead, no source is known'
            when raw_rows.lead_source is null then 'a lead, source by campaign or utm'
            else 'a lead'
        end as why
    from raw_rows
    left join records
        on raw_rows.lead_id = records.record_id and raw_rows.row_status in ('used', 'merged')
    left join leads on records.record_id = leads.lead_id and records.row_status = 'used'
),

compare_to_crm_report as (
    select
        crm_month,
        crm_source,
        why,
        counted_in_month,
        counted_as_source,
        count(case when is_in_report then 1 end) as crm_rows,
        count(case when is_lead then 1 end) as leads
    from compared
    group by crm_month, crm_source, why, counted_in_month, counted_as_source
    order by crm_month, crm_source, why, counted_in_month, counted_as_source
)

select * from compare_to_crm_report
