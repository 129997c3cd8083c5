-- One row per source, milestone arrived at and outcome of the lead: how many days leads take to it
-- from the milestone before (of those they did not skip), or have been waiting for it.
{%- set chain = [
    'captured_at', 'handed_over_at', 'first_touch_at', 'accepted_at', 'conversation_at',
    'opportunity_at', 'won_at',
] %}
with

leads as (
    select
        source,
        case
            when lead_state in ('won', 'lost') then lead_state
            when sales_decision in ('rejected', 'disqualified') then 'rejected'
            else 'open'
        end as outcome,
        created_at as captured_at,
        handed_over_at,
        first_touch_at,
        accepted_at,
        first_conversation_at as conversation_at,
        opportunity_at,
        case when outcome = 'won' then closed_at end as won_at
    from {{ ref('fct_leads') }}
),

-- A lead whose chain has not ended waits for the milestone after its last one. (Some warehouses take
-- no coalesce of one value: hence its nulls.)
steps as (
    {%- for milestone in chain[1:] %}
    select
        source,
        '{{ milestone[:-3] }}' as step,
        outcome,
        coalesce(null, {{ chain[:loop.index] | reverse | join(', ') }}) as started_at,
        coalesce({{ milestone }}, {{ as_of() }}) as ended_at,
        {{ milestone }} is null as is_open
    from leads
    where
        {{ milestone }} is not null
        or (
            outcome = 'open'
            and {{ chain[loop.index0] }} is not null
            and coalesce(null, {{ chain[loop.index:] | join(', ') }}) is null
        )
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

spells as (
    select
        source,
        step,
        outcome,
        {{ latest_of(['0', seconds_between('started_at', 'ended_at')]) }} / 86400.0 as days,
        is_open
    from steps
    where started_at is not null
),

lengths as (
    {{ spell_lengths('spells', ['source', 'step', 'outcome']) }}
),

lead_velocity_by_source as (
    select
        source,
        step,
        outcome,
        cast(finished_spells as integer) as finished_leads,
        cast(open_spells as integer) as open_leads,
        mean_days,
        median_days,
        median_days_low,
        median_days_high,
        median_days_is_small_sample,
        p75_days,
        p90_days
    from lengths
)

select * from lead_velocity_by_source
