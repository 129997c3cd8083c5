-- One row per lead: one person, with the attributes of the surviving record and the earliest
-- creation of all records.
with

records as (
    select * from {{ ref('int_lead_records') }}
),

periods as (
    select * from {{ ref('int_definition_periods') }}
),

companies as (
    select * from {{ ref('int_companies_unioned') }}
),

-- Wide rows are read here alone: records carry what tells persons apart and when.
attributes as (
    select * from {{ ref('int_leads_unioned') }} where row_status = 'used'
),

captures as (
    select lead_id, min(created_at) as captured_at
    from records
    where not is_merged_away
    group by lead_id
),

survivors as (
    select
        records.*,
        captures.captured_at,
        coalesce({{ reporting_day('captures.captured_at') }}, {{ today() }}) as judged_on
    from records
    inner join captures on records.lead_id = captures.lead_id
    where records.row_status = 'used'
),

int_people as (
    select
        survivors.lead_id,
        survivors.crm,
        survivors.captured_at,
        periods.period_from as definition_on,
        survivors.created_at as record_created_at,
        survivors.last_modified_at,
        survivors.status,
        attributes.lead_source,
        attributes.owner_id,
        survivors.email_key,
        attributes.first_name,
        attributes.last_name,
        attributes.company,
        attributes.title,
        attributes.disqualification_reason,
        attributes.pain,
        attributes.timeframe,
        attributes.score,
        attributes.utm_source,
        attributes.utm_medium,
        attributes.utm_campaign,
        survivors.is_converted,
        survivors.converted_at,
        survivors.company_id,
        coalesce(
            {{ stated_country('attributes.country') }}, {{ stated_country('companies.country') }}
        ) as country,
        coalesce({{ stated('attributes.industry') }}, {{ stated('companies.industry') }})
            as industry,
        coalesce(
            case when attributes.employees >= 0 then attributes.employees end,
            case when companies.employees >= 0 then companies.employees end
        ) as employees
    from survivors
    inner join attributes on survivors.record_id = attributes.lead_id
    inner join periods
        on
            survivors.judged_on >= periods.period_from
            and (periods.period_to is null or survivors.judged_on < periods.period_to)
    left join companies on survivors.company_id = companies.company_id
)

select * from int_people
