-- One row per raw value that no definition row knows: what it counts as until somebody maps it.
with

people as (
    select * from {{ ref('int_people') }}
),

-- What is recorded after as_of is no event yet.
told as (
    select record_id, {{ folded('raw_value') }} as value_key
    from {{ ref('int_lead_recorded_statuses') }}
    union all
    select record_id, {{ folded('raw_value') }} as value_key
    from {{ ref('int_lead_inferred_statuses') }}
),

statuses as (
    select crm, raw_value
    from {{ ref('int_lead_status_events') }}
    where is_unmapped
    union all
    -- A status that makes no event, for it says no more than the creation does, is one all the same.
    select people.crm, current_statuses.status as raw_value
    from people
    inner join {{ ref('int_lead_current_statuses') }} as current_statuses
        on people.lead_id = current_statuses.record_id
    left join {{ ref('lead_statuses') }} as known
        on
            {{ folded('current_statuses.status') }} = {{ folded('known.raw_value') }}
            and {{ in_force('known', 'people.definition_on') }}
    left join told
        on
            current_statuses.record_id = told.record_id
            and {{ folded('current_statuses.status') }} = told.value_key
    where known.raw_value is null and told.record_id is null
),

{% set lookups = [
    ('lead source', 'people.lead_source', 'lead_sources', 'raw_value', 'unknown'),
    ('disqualification reason', 'people.disqualification_reason', 'disqualification_reasons', 'raw_value', 'unstated'),
    ('time frame', 'people.timeframe', 'timeframes', 'raw_value', 'unknown'),
] -%}
found as (
    select crm, 'lead status' as field, raw_value, 'lead_statuses' as seed, 'captured' as treated_as
    from statuses
    {% for field, column, seed, key, treated_as in lookups %}
    union all
    select
        people.crm,
        '{{ field }}' as field,
        {{ column }} as raw_value,
        '{{ seed }}' as seed,
        '{{ treated_as }}' as treated_as
    from people
    left join {{ ref(seed) }} as known
        on
            {{ folded(column) }} = {{ folded('known.' ~ key) }}
            and {{ in_force('known', 'people.definition_on') }}
    where
        known.{{ key }} is null
        {%- if seed == 'timeframes' %} and {{ number_or_null(column) }} is null {%- endif %}
    {% endfor %}
    union all
    select
        people.crm,
        'country' as field,
        people.country as raw_value,
        'country_names' as seed,
        'unknown' as treated_as
    from people
    left join {{ ref('country_names') }} as known
        on {{ words('people.country') }} = {{ words('known.raw_value') }}
    where known.raw_value is null
    union all
    -- A deal without a lead stands by its own lead source.
    select
        opportunities.crm,
        'lead source' as field,
        opportunities.lead_source as raw_value,
        'lead_sources' as seed,
        'unknown' as treated_as
    from {{ ref('int_opportunities') }} as opportunities
    left join {{ ref('lead_sources') }} as known
        on
            {{ folded('opportunities.lead_source') }} = {{ folded('known.raw_value') }}
            and {{ in_force('known', 'opportunities.definition_on') }}
    where known.raw_value is null and opportunities.lead_id is null
    union all
    select
        states.crm,
        'opportunity stage' as field,
        states.stage as raw_value,
        'opportunity_stages' as seed,
        'an open stage without an order' as treated_as
    from {{ ref('int_opportunity_states') }} as states
    inner join {{ ref('int_stage_definitions') }} as stages
        on
            states.crm = stages.crm
            and states.stage_key = stages.stage_key
            and states.definition_on = stages.definition_on
    {%- if retention_months() %}
    inner join {{ ref('int_opportunities') }} as retained
        on states.opportunity_id = retained.opportunity_id
    {%- endif %}
    where stages.is_unmapped
    union all
    select crm, field, raw_value, seed, treated_as from {{ ref('int_unmapped_words') }}
),

unmapped_values as (
    select
        crm,
        field,
        min(raw_value) as raw_value,
        cast(count(*) as integer) as {{ adapter.quote('rows') }},
        seed,
        treated_as
    from found
    where raw_value is not null
    group by crm, field, {{ folded('raw_value') }}, seed, treated_as
)

select * from unmapped_values
