-- One row per opportunity and visit to a stage: recorded, plus one inferred where history does not
-- end on the deal's stage.
with

states as (
    select * from {{ ref('int_opportunity_states') }}
),

stages as (
    select * from {{ ref('int_stage_definitions') }}
),

recorded as (
    select
        changes.opportunity_id,
        changes.stage,
        changes.stage_key,
        stages.stage_order,
        changes.changed_at as entered_at,
        changes.change_id,
        lag(changes.stage_key) over (
            partition by changes.opportunity_id
            order by changes.changed_at, stages.stage_order nulls first, changes.change_id
        ) as previous_stage_key
    from {{ ref('int_opportunity_stage_changes') }} as changes
    inner join states on changes.opportunity_id = states.opportunity_id
    left join stages
        on
            changes.crm = stages.crm
            and changes.stage_key = stages.stage_key
            and states.definition_on = stages.definition_on
    where not changes.is_after_as_of
),

-- A row that changed only the amount is no new visit.
visits as (
    select
        *,
        row_number() over (
            partition by opportunity_id
            order by entered_at, stage_order nulls first, change_id
        ) as position_in_deal
    from recorded
    where previous_stage_key is null or previous_stage_key <> stage_key
),

last_visits as (
    select
        *,
        row_number() over (partition by opportunity_id order by position_in_deal desc) as newness
    from visits
),

inferred as (
    select
        states.opportunity_id,
        states.stage,
        states.stage_key,
        {{ latest_of([
            "case when states.outcome <> 'open' and states.stated_close_at is not null then states.stated_close_at"
            ~ " else coalesce(states.last_modified_at, states.created_at) end",
            'last_visits.entered_at',
        ]) }} as stated_at,
        coalesce(last_visits.position_in_deal, 0) + 1 as position_in_deal
    from states
    left join last_visits
        on states.opportunity_id = last_visits.opportunity_id and last_visits.newness = 1
    where
        not states.is_changed_later
        and states.stage is not null
        and states.stage_key <> coalesce(last_visits.stage_key, '')
),

all_visits as (
    select opportunity_id, stage, stage_key, entered_at, position_in_deal, false as is_inferred
    from visits
    union all
    select
        opportunity_id,
        stage,
        stage_key,
        {{ no_later_than('stated_at', as_of()) }} as entered_at,
        position_in_deal,
        true as is_inferred
    from inferred
),

ordered as (
    select
        all_visits.*,
        states.outcome,
        stages.stage_order,
        lead(all_visits.entered_at) over (
            partition by all_visits.opportunity_id order by all_visits.position_in_deal
        ) as exited_at,
        row_number() over (
            partition by all_visits.opportunity_id, {{ folded('all_visits.stage') }}
            order by all_visits.position_in_deal
        ) as visit_number,
        row_number() over (
            partition by all_visits.opportunity_id order by all_visits.position_in_deal desc
        ) = 1 as is_last,
        coalesce(stages.is_closed or stages.is_won, false) as is_closed_by_definition
    from all_visits
    inner join states on all_visits.opportunity_id = states.opportunity_id
    left join stages
        on
            states.crm = stages.crm
            and all_visits.stage_key = stages.stage_key
            and states.definition_on = stages.definition_on
),

-- The last visit is as closed as the deal; for earlier ones the stage's definition decides, open
-- when nobody knows it.
closed as (
    select
        *,
        case when is_last then outcome <> 'open' else is_closed_by_definition end as is_closed_stage
    from ordered
),

int_opportunity_visits as (
    select
        *,
        case
            when not is_closed_stage
                then
                    {{ seconds_between('entered_at', 'coalesce(exited_at, ' ~ as_of() ~ ')') }}
                    / 86400.0
        end as days_in_stage
    from closed
)

select * from int_opportunity_visits
