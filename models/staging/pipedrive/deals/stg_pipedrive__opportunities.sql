-- Grain: one row per row of the raw table deals.
{{ config(materialized='table') }}

with source_rows as (
    {{ raw(source('pipedrive', 'deals')) }}
),

deals as (
    select
        *,
        coalesce(deleted_flag, {{ folded('status') }} = 'deleted', false) as is_deleted,
        {{ folded('status') }} in ('won', 'lost') as is_closed,
        coalesce(won_time, lost_time, close_time) as ended_at
    from source_rows
),

judged as (
    {{ row_rules('deals', needs=['id'], ends_by='add_time') }}
),

stages as (
    select * from {{ ref('stg_pipedrive__stages') }} where row_status = 'used'
),

stg_pipedrive__opportunities as (
    select
        judged.crm,
        'deals' as raw_table,
        judged.crm || ':' || judged.id as opportunity_id,
        judged.crm || ':' || judged.person_id as lead_id,
        judged.crm || ':' || judged.org_id as company_id,
        cast(null as {{ text_type() }}) as campaign_id,
        cast(null as {{ text_type() }}) as lead_source,
        judged.add_time as created_at,
        judged.last_modified_date as last_modified_at,
        judged.synced_at,
        case
            when judged.is_closed then {{ reporting_day('judged.ended_at') }}
            else judged.expected_close_date
        end as close_date,
        case
            when judged.is_closed then judged.ended_at
            else cast(judged.expected_close_date as timestamp)
        end as closed_at,
        -- A closed deal keeps the stage in which it ended, and tells its end by the status.
        case
            when judged.is_closed then judged.status
            else coalesce(stages.stage, judged.stage_id)
        end as stage,
        case
            when judged.is_closed then {{ folded('judged.status') }}
            else judged.stage_id
        end as stage_key,
        judged.stage_id as last_open_stage_key,
        judged.stage_change_time as stage_changed_at,
        judged.is_closed,
        {{ folded('judged.status') }} = 'won' as is_won,
        judged.value as amount,
        cast(null as {{ double_type() }}) as home_amount,
        judged.currency,
        judged.next_activity_subject as next_step,
        judged.crm || ':' || judged.user_id as owner_id,
        judged.lost_reason as loss_reason,
        cast(null as {{ text_type() }}) as other_crm_id,
        judged.row_status,
        judged.row_reason
    from judged
    left join stages on judged.crm = stages.crm and judged.stage_id = stages.stage_key
)

select * from stg_pipedrive__opportunities
