-- One row per lead or deal of a CRM that is none of its own here: merged into another (it may have
-- no row any more), or excluded.
with

leads as (
    select lead_id as record_id, row_status, row_reason
    from {{ ref('int_leads_unioned') }}
    where {{ is_retained(reporting_day('created_at')) }}
),

deals as (
    select opportunity_id as record_id, row_status, row_reason, amount
    from {{ ref('int_opportunities_unioned') }}
    where {{ is_retained('close_date') }}
),

told as (
    select 1 as rule_order, 'lead' as record_kind, record_id, row_status, row_reason
    from {{ ref('int_lead_records') }}
    union all
    select
        2 as rule_order,
        'lead' as record_kind,
        record_id,
        'merged' as row_status,
        'merged into ' || surviving_record_id as row_reason
    from {{ ref('int_lead_merges') }}
    where not is_contact
    union all
    select 3 as rule_order, 'lead' as record_kind, record_id, row_status, row_reason
    from leads
    where row_status = 'excluded' and row_reason <> 'forgotten'
    union all
    select 1 as rule_order, 'opportunity' as record_kind, record_id, row_status, row_reason
    from {{ ref('int_opportunity_ids') }}
    union all
    select
        2 as rule_order,
        'opportunity' as record_kind,
        record_id,
        row_status,
        'merged into nobody' as row_reason
    from deals
    where row_status = 'merged'
    union all
    select 3 as rule_order, 'opportunity' as record_kind, record_id, row_status, row_reason
    from deals
    where row_status = 'excluded'
),
{%- if retention_months() %}

-- What is past retention is not published here either.
past_retention as (
    select record_id from {{ ref('int_lead_records') }} where is_past_retention
    {{ distinct_union() }}
    select merge_chains.record_id
    from {{ ref('int_lead_merges') }} as merge_chains
    inner join {{ ref('int_lead_records') }} as records
        on merge_chains.surviving_record_id = records.record_id
    where records.is_past_retention
    {{ distinct_union() }}
    select opportunity_ids.record_id
    from {{ ref('int_opportunity_ids') }} as opportunity_ids
    left join {{ ref('int_opportunities') }} as opportunities
        on opportunity_ids.opportunity_id = opportunities.opportunity_id
    where opportunities.opportunity_id is null
),
{%- endif %}

-- The first rule that names a record decides; copies of it say nothing where another row does.
fates as (
    select
        *,
        row_number() over (
            partition by record_kind, record_id
            order by
                rule_order,
                case when row_reason in ('older_version', 'duplicate_copy') then 1 else 0 end,
                row_reason
        ) as preference
    from told
),

-- What an excluded row says counts where no other row of the deal does.
amounts as (
    select
        record_id,
        coalesce(
            max(case when row_status in ('used', 'merged') then amount end),
            max(case when row_status = 'excluded' then amount end)
        ) as amount_original
    from deals
    group by record_id
),

set_aside_records as (
    select
        cast({{ dbt.split_part('fates.record_id', "':'", 1) }} as {{ text_type() }}) as crm,
        fates.record_kind,
        fates.record_id,
        fates.row_status,
        fates.row_reason as reason,
        amounts.amount_original
    from fates
    left join amounts
        on fates.record_id = amounts.record_id and fates.record_kind = 'opportunity'
    {%- if retention_months() %}
    left join past_retention on fates.record_id = past_retention.record_id
    {%- endif %}
    where
        fates.preference = 1
        {% if retention_months() %} and past_retention.record_id is null {% endif %}
        and fates.row_status <> 'used'
)

select * from set_aside_records
