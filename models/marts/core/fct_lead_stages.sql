-- One row per lead and visit to a stage, in the order they happened.
with

fct_lead_stages as (
    select
        lead_id,
        stage,
        cast(visit_number as integer) as visit_number,
        entered_at,
        exited_at,
        cast(days_in_stage as {{ double_type() }}) as days_in_stage,
        is_open,
        is_inferred,
        is_bulk
    from {{ ref('int_lead_visits') }}
)

select * from fct_lead_stages
