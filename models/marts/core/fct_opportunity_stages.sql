-- One row per opportunity and visit to a stage, in the order they happened.
with

fct_opportunity_stages as (
    select
        visits.opportunity_id,
        visits.stage,
        cast(visits.stage_order as integer) as stage_order,
        cast(visits.visit_number as integer) as visit_number,
        visits.entered_at,
        visits.exited_at,
        cast(visits.days_in_stage as {{ double_type() }}) as days_in_stage,
        visits.is_last and not visits.is_closed_stage as is_open,
        visits.is_closed_stage,
        visits.is_inferred,
        visits.outcome,
        sources.source
    from {{ ref('int_opportunity_visits') }} as visits
    inner join {{ ref('int_opportunity_sources') }} as sources
        on visits.opportunity_id = sources.opportunity_id
)

select * from fct_opportunity_stages
