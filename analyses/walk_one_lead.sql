-- Everything about one lead, in the order it happened, on one page: its records, what it responded to, what sales did,
-- its stages, its deals; then what stands now and the verdicts with their rule and evidence.
--   dbt show --select walk_one_lead --limit 100 --vars '{lead_id: "salesforce:00Q..."}'
-- Without lead_id it walks the first lead that has a deal.
{%- set facts = [
    'lead_id', 'lifecycle_stage', 'skipped_stages', 'lead_state', 'sales_decision',
    'disqualification_reason', 'source', 'campaign', 'route', 'is_qualified', 'touch_count',
    'is_follow_up_completed', 'recycle_count', 'definition_version',
] %}
{%- set lead_id = raw_literal(var('lead_id', '')) %}
with

asked as (
    select
        coalesce(
            nullif('{{ lead_id }}', ''),
            min(case when opportunity_id is not null then lead_id end),
            min(lead_id)
        ) as lead_id
    from {{ ref('fct_leads') }}
),

told as (
    select
        1 as chapter,
        records.created_at as happened_at,
        'record created' as what,
        records.record_id || coalesce(', ' || records.row_reason, '') as detail,
        records.lead_id
    from {{ ref('int_lead_records') }} as records

    union all

    select
        1 as chapter,
        responded_at as happened_at,
        'response ' || response_number as what,
        coalesce(campaign, response_id) as detail,
        lead_id
    from {{ ref('fct_responses') }}

    union all

    select
        1 as chapter,
        event_at as happened_at,
        case when is_inferred then 'status (inferred)' else 'status' end as what,
        raw_value || ' counts as ' || stage as detail,
        lead_id
    from {{ ref('int_lead_status_events') }}

    union all

    select
        1 as chapter,
        happened_at,
        case
            when is_scheduled then kind || ' ahead'
            when happened_at is null then kind || ' overdue or without a time'
            when is_conversation then kind || ': conversation'
            when is_touch then kind || ': touch'
            else kind || ': no touch (inbound or logged by a machine)'
        end as what,
        activity_id as detail,
        lead_id
    from {{ ref('int_activities') }}

    union all

    select
        1 as chapter,
        entered_at as happened_at,
        'stage ' || stage || ', visit ' || visit_number as what,
        coalesce(cast(round(days_in_stage, 1) as {{ text_type() }}) || ' days', 'end')
        || case when is_open then ' and still there' else '' end as detail,
        lead_id
    from {{ ref('fct_lead_stages') }}

    union all

    select
        1 as chapter,
        created_at as happened_at,
        'deal opened' as what,
        opportunity_id || ', link of tier ' || link_tier as detail,
        lead_id
    from {{ ref('fct_opportunities') }}

    union all

    select
        1 as chapter,
        closed_at as happened_at,
        'deal ' || outcome as what,
        opportunity_id || coalesce(', reached ' || stage_reached, '') as detail,
        lead_id
    from {{ ref('fct_opportunities') }}
    where outcome <> 'open'

    {%- for fact in facts %}

    union all

    select
        2 as chapter,
        null as happened_at,
        '{{ fact | replace("_", " ") }}' as what,
        cast({{ fact }} as {{ text_type() }}) as detail,
        lead_id
    from {{ ref('fct_leads') }}
    {%- endfor %}

    {%- for dimension in ['fit', 'pain', 'timing', 'authority', 'next_step'] %}

    union all

    select
        3 as chapter,
        null as happened_at,
        '{{ dimension | replace("_", " ") }}: ' || {{ dimension }}_verdict as what,
        {{ dimension }}_rule || ': ' || {{ dimension }}_evidence as detail,
        lead_id
    from {{ ref('fct_lead_verdicts') }}
    {%- endfor %}
),

walk_one_lead as (
    select told.happened_at, told.what, told.detail
    from told
    inner join asked on told.lead_id = asked.lead_id
    order by told.chapter, told.happened_at nulls last, told.what
)

select * from walk_one_lead
