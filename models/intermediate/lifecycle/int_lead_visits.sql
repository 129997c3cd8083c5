{{ config(materialized='ephemeral') }}
-- One row per lead and visit to a stage, in the order they happened.
-- Windows of one select that are written alike are sorted once.
{%- set in_order -%}
    partition by lead_id
    order by entered_at nulls first, {{ lead_stage_order('stage') }}, is_inferred, is_bulk, event_id
{%- endset %}
with

people as (
    select lead_id, captured_at from {{ ref('int_people') }}
),

milestones as (
    select * from {{ ref('int_lead_milestones') }}
),

opportunities as (
    select
        links.lead_id,
        opportunities.opportunity_id,
        opportunities.created_at,
        opportunities.closed_at,
        opportunities.outcome
    from {{ ref('int_opportunity_links') }} as links
    inner join {{ ref('int_opportunities') }} as opportunities
        on links.opportunity_id = opportunities.opportunity_id
),

entries as (
    -- Creation has no event id: it comes before whatever else happened in its second.
    select
        lead_id, captured_at as event_at, 'captured' as stage, '' as event_id,
        false as is_inferred, false as is_bulk
    from people

    union all

    select lead_id, event_at, stage, event_id, is_inferred, is_bulk
    from {{ ref('int_lead_status_events') }}
    where not (is_inferred and stage = 'captured')

    {% for stage, moment, condition, is_inferred in [
        ('handed_over', 'handed_over_at', 'is_handover_inferred', 'true'),
        ('accepted', 'accepted_at', 'is_acceptance_inferred', 'true'),
        ('conversation', 'first_conversation_at', 'first_conversation_at is not null', 'false'),
    ] -%}
    union all

    select
        lead_id, {{ moment }} as event_at, '{{ stage }}' as stage, lead_id as event_id,
        {{ is_inferred }} as is_inferred, false as is_bulk
    from milestones
    where {{ condition }}

    {% endfor -%}
    union all

    select
        lead_id,
        created_at as event_at,
        'opportunity' as stage,
        opportunity_id as event_id,
        false as is_inferred,
        false as is_bulk
    from opportunities
    where created_at is not null

    union all

    select
        lead_id,
        closed_at as event_at,
        outcome as stage,
        opportunity_id as event_id,
        false as is_inferred,
        false as is_bulk
    from opportunities
    where outcome <> 'open' and closed_at is not null
),

-- Nothing happens to a person before the capture.
placed as (
    select
        entries.lead_id,
        entries.stage,
        entries.event_id,
        entries.is_inferred,
        entries.is_bulk,
        {{ latest_of(['entries.event_at', 'people.captured_at']) }} as entered_at
    from entries
    inner join people on entries.lead_id = people.lead_id
),

first_deals as (
    select lead_id, min(entered_at) as entered_at
    from placed
    where stage in ('opportunity', 'won', 'lost')
    group by lead_id
),

-- A first conversation after a deal came about is no step towards it.
steps as (
    select placed.*
    from placed
    left join first_deals on placed.lead_id = first_deals.lead_id
    where
        placed.stage <> 'conversation'
        or coalesce(first_deals.entered_at >= placed.entered_at, true)
),

numbered as (
    select
        *,
        row_number() over ({{ in_order }}) as position_of_lead,
        lag(stage) over ({{ in_order }}) as previous_stage
    from steps
),

visits as (
    select
        lead_id,
        stage,
        entered_at,
        is_inferred,
        is_bulk,
        position_of_lead,
        lead(entered_at) over (partition by lead_id order by position_of_lead) as exited_at,
        row_number() over (partition by lead_id, stage order by position_of_lead) as visit_number,
        lead(stage) over (partition by lead_id order by position_of_lead) is null as is_last
    from numbered
    where previous_stage is null or previous_stage <> stage
),

int_lead_visits as (
    select
        *,
        is_last and stage not in ('won', 'lost', 'rejected') as is_open,
        case
            when stage not in ('won', 'lost', 'rejected')
                then
                    {{ seconds_between('entered_at', 'coalesce(exited_at, ' ~ as_of() ~ ')') }}
                    / 86400.0
        end as days_in_stage
    from visits
)

select * from int_lead_visits
