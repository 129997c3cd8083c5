{{ config(materialized='ephemeral') }}
-- One row per lead and visit to a stage, in the order they happened.
-- Windows of one select that are written alike are sorted once.
{%- set in_order -%}
    partition by lead_id
    order by entered_at nulls first, {{ lead_stage_order('stage') }}, is_inferred, is_bulk
{%- endset %}
with

people as (
    select lead_id, captured_at from {{ ref('int_people') }}
),

opportunities as (
    select links.lead_id, deals.created_at, deals.closed_at, deals.outcome
    from {{ ref('int_opportunity_links') }} as links
    inner join {{ ref('int_opportunities') }} as deals
        on links.opportunity_id = deals.opportunity_id
),

status_events as (
    select * from {{ ref('int_lead_status_events') }}
),

deals as (
    select lead_id, created_at as event_at, 'opportunity' as stage
    from opportunities
    where created_at is not null

    union all

    select lead_id, closed_at as event_at, outcome as stage
    from opportunities
    where outcome <> 'open' and closed_at is not null
),

first_deals as (
    select lead_id, min(event_at) as event_at
    from (
        select lead_id, event_at from deals
        union all
        select lead_id, event_at
        from status_events
        where stage in ('opportunity', 'won', 'lost')
    ) as told
    group by lead_id
),

-- A first conversation after a deal came about is no step towards it.
conversations as (
    select milestones.lead_id, milestones.first_conversation_at as event_at
    from {{ ref('int_lead_milestones') }} as milestones
    left join first_deals on milestones.lead_id = first_deals.lead_id
    where
        milestones.first_conversation_at is not null
        and (
            first_deals.lead_id is null
            or {{ latest_of(['first_deals.event_at', 'milestones.captured_at']) }}
            >= milestones.first_conversation_at
        )
),

entries as (
    select
        lead_id, captured_at as event_at, 'captured' as stage,
        false as is_inferred, false as is_bulk
    from people

    union all

    select lead_id, event_at, stage, is_inferred, is_bulk
    from status_events
    where not (is_inferred and stage = 'captured')

    {% for stage, moment, condition in [
        ('handed_over', 'handed_over_at', 'is_handover_inferred'),
        ('accepted', 'accepted_at', 'is_acceptance_inferred'),
    ] -%}
    union all

    select
        lead_id, {{ moment }} as event_at, '{{ stage }}' as stage,
        true as is_inferred, false as is_bulk
    from {{ ref('int_lead_milestones') }}
    where {{ condition }}

    {% endfor -%}
    union all

    select
        lead_id, event_at, 'conversation' as stage, false as is_inferred, false as is_bulk
    from conversations

    union all

    select lead_id, event_at, stage, false as is_inferred, false as is_bulk
    from deals
),

-- Nothing happens to a person before the capture.
placed as (
    select
        entries.lead_id,
        entries.stage,
        entries.is_inferred,
        entries.is_bulk,
        {{ latest_of(['entries.event_at', 'people.captured_at']) }} as entered_at
    from entries
    inner join people on entries.lead_id = people.lead_id
),

numbered as (
    select
        *,
        row_number() over ({{ in_order }}) as position_of_lead,
        lag(stage) over ({{ in_order }}) as previous_stage
    from placed
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
