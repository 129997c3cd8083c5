-- One row per owner whose time zone the CRM knows: the zone.
with

int_owner_zones as (
    select owner_id, min(time_zone) as time_zone
    from {{ ref('int_owners_unioned') }}
    where {{ is_time_zone('time_zone') }}
    group by owner_id
)

select * from int_owner_zones
