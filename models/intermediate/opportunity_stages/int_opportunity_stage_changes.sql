-- One row per recorded state of an opportunity, from the best record that the deal has.
-- States after as_of stay in, marked: they tell that the record shows a later state.
with

changes as (
    select * from {{ ref('int_opportunity_changes_unioned') }} where stage is not null
),

best as (
    select opportunity_id, min(precedence) as precedence
    from changes
    group by opportunity_id
),

int_opportunity_stage_changes as (
    select
        changes.crm,
        changes.opportunity_id,
        changes.change_id,
        changes.stage,
        changes.stage_key,
        changes.changed_at,
        changes.changed_at > {{ as_of() }} as is_after_as_of
    from changes
    inner join best
        on changes.opportunity_id = best.opportunity_id and changes.precedence = best.precedence
)

select * from int_opportunity_stage_changes
