-- Grain: one row per recorded entry of a deal into a stage, those after as_of among them.
with

entries as (
    select * from {{ ref('stg_hubspot__stage_entries') }}
),

named_stages as (
    select * from {{ ref('stg_hubspot__named_stages') }}
),

stg_hubspot__opportunity_changes as (
    select
        entries.crm,
        entries.deal_id as opportunity_id,
        entries.deal_id
        || '/'
        || named_stages.stage_key
        || '/'
        || {{ moment_text('entries.entered_at') }} as change_id,
        named_stages.stage,
        named_stages.stage_key,
        entries.entered_at as changed_at,
        entries.precedence
    from entries
    inner join named_stages
        on
            entries.crm = named_stages.crm
            and coalesce(entries.pipeline_id, '') = named_stages.pipeline_id
            and entries.stage_name = named_stages.stage_name
)

select * from stg_hubspot__opportunity_changes
