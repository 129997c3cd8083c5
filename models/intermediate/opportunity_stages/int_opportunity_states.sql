-- One row per opportunity: the stage it is in at as_of, and whether that is won, lost or open.
with

opportunities as (
    select
        opportunities.*,
        case
            when opportunities.is_won then true else opportunities.is_closed
        end as is_closed_on_record,
        periods.period_from as definition_on
    from {{ ref('int_opportunities_unioned') }} as opportunities
    inner join {{ ref('int_opportunity_ids') }} as opportunity_ids
        on
            opportunities.opportunity_id = opportunity_ids.record_id
            and opportunities.row_status = 'used'
            and opportunity_ids.row_status = 'used'
    inner join {{ ref('int_definition_periods') }} as periods
        on
            coalesce({{ reporting_day('opportunities.created_at') }}, {{ today() }})
            >= periods.period_from
            and (
                periods.period_to is null
                or coalesce({{ reporting_day('opportunities.created_at') }}, {{ today() }})
                < periods.period_to
            )
),

stages as (
    select * from {{ ref('int_stage_definitions') }}
),

changes as (
    select
        changes.opportunity_id,
        changes.stage,
        changes.stage_key,
        changes.is_after_as_of,
        row_number() over (
            partition by changes.opportunity_id, changes.is_after_as_of
            order by
                changes.changed_at desc, stages.stage_order desc nulls last, changes.change_id desc
        ) as newness
    from {{ ref('int_opportunity_stage_changes') }} as changes
    inner join opportunities on changes.opportunity_id = opportunities.opportunity_id
    left join stages
        on
            changes.crm = stages.crm
            and changes.stage_key = stages.stage_key
            and opportunities.definition_on = stages.definition_on
),

-- The record tells today's state; where history goes on after as_of, the last state before it
-- counts, unless that is the record's: then only something else changed, as an amount.
stated as (
    select
        opportunities.*,
        later.opportunity_id is not null
        and coalesce(earlier.stage_key <> opportunities.stage_key, true) as is_changed_later,
        earlier.stage as recorded_stage,
        earlier.stage_key as recorded_stage_key,
        case when later.opportunity_id is null then opportunities.stage else earlier.stage end
            as stage_then,
        case
            when later.opportunity_id is null then opportunities.stage_key else earlier.stage_key
        end as stage_key_then
    from opportunities
    left join changes as later
        on
            opportunities.opportunity_id = later.opportunity_id
            and later.is_after_as_of
            and later.newness = 1
    left join changes as earlier
        on
            opportunities.opportunity_id = earlier.opportunity_id
            and not earlier.is_after_as_of
            and earlier.newness = 1
),

flagged as (
    select
        stated.*,
        case
            when stated.is_changed_later or stated.is_closed_on_record is null then stages.is_closed
            else stated.is_closed_on_record
        end as is_closed_then,
        case
            when stated.is_changed_later then stages.is_won
            when stated.is_won is not null then stated.is_won
            when coalesce(stated.is_closed_on_record, true) then stages.is_won
        end as is_won_then,
        not stated.is_changed_later
        and coalesce(stated.recorded_stage_key <> stated.stage_key, true)
        and coalesce(
            stated.close_date > {{ today() }}
            -- A close date without a time is that day, whatever the time zone.
            or (
                stated.closed_at > {{ as_of() }}
                and stated.closed_at <> cast(stated.close_date as timestamp)
            ),
            false
        ) as is_closing_later
    from stated
    left join stages
        on
            stated.crm = stages.crm
            and stated.stage_key_then = stages.stage_key
            and stated.definition_on = stages.definition_on
),

-- The record is closed, and at as_of the closing is yet to come.
timed as (
    select
        *,
        is_closing_later and coalesce(is_closed_then or is_won_then, false) as is_not_closed_yet
    from flagged
),

int_opportunity_states as (
    select
        crm,
        opportunity_id,
        company_id,
        campaign_id,
        owner_id,
        lead_source,
        created_at,
        last_modified_at,
        close_date,
        closed_at as stated_close_at,
        amount,
        home_amount,
        currency,
        next_step,
        definition_on,
        is_changed_later,
        case when is_not_closed_yet then recorded_stage else stage_then end as stage,
        case
            when is_not_closed_yet then coalesce(recorded_stage_key, stage_key_then)
            else stage_key_then
        end as stage_key,
        case
            when is_not_closed_yet then 'open'
            when is_won_then then 'won'
            when is_closed_then then 'lost'
            else 'open'
        end as outcome
    from timed
)

select * from int_opportunity_states
