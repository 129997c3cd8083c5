-- One row per user or queue that owns a lead or an opportunity, or is listed as user. No names of
-- persons.
with

listed as (
    select * from {{ ref('int_owners_unioned') }}
),

-- A loader may list an id both as user and as queue: the user counts.
ranked as (
    select
        *,
        row_number() over (partition by owner_id order by owner_type desc) as preference
    from listed
),

owning as (
    select owner_id, crm from {{ ref('int_people') }} where owner_id is not null
    {{ distinct_union() }}
    select owner_id, crm from {{ ref('int_opportunities') }} where owner_id is not null
),

dim_owners as (
    select
        coalesce(ranked.owner_id, owning.owner_id) as owner_id,
        coalesce(ranked.crm, owning.crm) as crm,
        coalesce(ranked.owner_type, 'unknown') as owner_type,
        ranked.is_active,
        case when ranked.owner_type = 'queue' then ranked.queue_name end as queue_name
    from (select * from ranked where preference = 1) as ranked
    full outer join owning on ranked.owner_id = owning.owner_id
)

select * from dim_owners
