-- Grain: one row per call, e-mail, task and meeting that counts, in one shape. What an old table of
-- them leaves out, and whether it is deleted, `engagement` tells.
{{ config(materialized='table') }}

with

engagements as (
    select
        *,
        row_number() over (
            partition by engagement_id order by case when row_status = 'used' then 0 else 1 end
        ) as preference
    from {{ ref('stg_hubspot__engagements') }}
),

{% set own_columns = {
    'subject': 'varchar', 'status': 'varchar', 'direction': 'varchar', 'disposition': 'varchar',
    'task_type': 'varchar', 'completed_at': 'timestamp', 'starts_at': 'timestamp',
    'outcome': 'varchar'
} %}
{% set kinds = {
    'call': ['subject', 'status', 'direction', 'disposition'],
    'email': ['subject', 'status', 'direction'],
    'task': ['subject', 'status', 'task_type', 'completed_at'],
    'meeting': ['starts_at', 'outcome']
} %}
told as (
    {%- for kind, known in kinds.items() %}
    select
        crm,
        '{{ kind }}' as kind,
        engagement_id,
        created_at,
        happens_at,
        owner_id,
        {%- for column, type in own_columns.items() %}
        {{ column if column in known else 'cast(null as ' ~ type_named(type) ~ ')' }}
            as {{ column }},
        {%- endfor %}
        activity_source
    from {{ ref('stg_hubspot__engagement_' ~ kind ~ 's') }}
    where row_status = 'used'
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

stg_hubspot__activities as (
    select
        told.crm,
        told.kind,
        told.engagement_id,
        coalesce(told.created_at, engagements.created_at) as created_at,
        coalesce(told.happens_at, engagements.happens_at) as happens_at,
        coalesce(told.owner_id, engagements.owner_id) as owner_id,
        coalesce(told.activity_source, engagements.activity_source) as activity_source,
        told.subject,
        {{ folded('told.status') }} as status,
        coalesce(told.direction, case when told.kind = 'email' then engagements.type end)
            as direction,
        told.disposition,
        told.task_type,
        told.completed_at,
        told.starts_at,
        told.outcome
    from told
    left join engagements
        on told.engagement_id = engagements.engagement_id and engagements.preference = 1
    where coalesce(engagements.row_status, 'used') = 'used'
)

select * from stg_hubspot__activities
