-- One row per raw table that was found: what became of its rows.
with

fates as (
    select * from {{ ref('int_row_fates_unioned') }}
),

-- Records of leads and deals are accounted for after those of one person, or deal, were put together.
settled as (
    select layout, crm, raw_table, row_status, row_reason
    from {{ ref('int_lead_records') }}
    union all
    select
        opportunities.layout,
        opportunities.crm,
        opportunities.raw_table,
        {%- if retention_months() %}
        case
            when opportunity_ids.row_status = 'used' and retained.opportunity_id is null
                then 'excluded'
            else coalesce(opportunity_ids.row_status, opportunities.row_status)
        end as row_status,
        case
            when opportunity_ids.row_status = 'used' and retained.opportunity_id is null
                then 'past_retention'
        end as row_reason
        {%- else %}
        coalesce(opportunity_ids.row_status, opportunities.row_status) as row_status,
        opportunity_ids.row_reason
        {%- endif %}
    from {{ ref('int_opportunities_unioned') }} as opportunities
    left join {{ ref('int_opportunity_ids') }} as opportunity_ids
        on opportunities.opportunity_id = opportunity_ids.record_id
    {%- if retention_months() %}
    left join {{ ref('int_opportunities') }} as retained
        on opportunity_ids.opportunity_id = retained.opportunity_id
    {%- endif %}
    where opportunities.row_status in ('used', 'merged')
),

settled_tables as (
    select distinct layout, raw_table from settled
),

ends as (
    select crm, raw_table, row_status, row_reason from settled
    union all
    select fates.crm, fates.raw_table, fates.row_status, fates.row_reason
    from fates
    left join settled_tables
        on fates.layout = settled_tables.layout and fates.raw_table = settled_tables.raw_table
    where settled_tables.raw_table is null or fates.row_status not in ('used', 'merged')
),

counts as (
    select
        crm,
        raw_table,
        count(case when row_status = 'used' then 1 end) as used_rows,
        count(case when row_status = 'merged' then 1 end) as merged_rows,
        count(case when row_status = 'excluded' then 1 end) as excluded_rows,
        count(case when row_status = 'quarantined' then 1 end) as quarantined_rows,
        count(case when row_reason = 'forgotten' then 1 end) as forgotten_rows,
        count(case when row_reason = 'past_retention' then 1 end) as past_retention_rows
    from ends
    group by crm, raw_table
),

-- Counted in the raw tables anew: a row that staging dropped would show.
raw_counts as (
    {%- for layout, leads, deals in [
        ('salesforce', 'lead', 'opportunity'),
        ('hubspot', 'contact', 'deal'),
        ('generic', 'leads', 'opportunities'),
        ('pipedrive', 'persons', 'deals'),
    ] %}
    select
        crm,
        raw_table,
        raw_rows,
        case raw_table
            when '{{ leads }}' then 'lead' when '{{ deals }}' then 'opportunity' else 'other'
        end as record_kind
    from ({{ raw_row_counts(layout) }}) as {{ layout }}_counts
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

row_accounting as (
    select
        raw_counts.crm,
        raw_counts.raw_table,
        raw_counts.record_kind,
        cast(raw_counts.raw_rows as integer) as raw_rows,
        cast(coalesce(counts.used_rows, 0) as integer) as used_rows,
        cast(coalesce(counts.merged_rows, 0) as integer) as merged_rows,
        cast(coalesce(counts.excluded_rows, 0) as integer) as excluded_rows,
        cast(coalesce(counts.quarantined_rows, 0) as integer) as quarantined_rows,
        cast(coalesce(counts.forgotten_rows, 0) as integer) as forgotten_rows,
        cast(coalesce(counts.past_retention_rows, 0) as integer) as past_retention_rows
    from raw_counts
    left join counts on raw_counts.crm = counts.crm and raw_counts.raw_table = counts.raw_table
)

select * from row_accounting
