{{ config(materialized='ephemeral') }}
-- One row per role of a contact on a deal: a copy's is the deal's, a merged-away record's the
-- survivor's. A role on a deal that is gone is none.
with

int_opportunity_roles as (
    select
        opportunity_ids.opportunity_id,
        coalesce(merge_chains.surviving_record_id, held_roles.contact_id) as contact_id,
        held_roles.role,
        held_roles.is_lead_link
    from {{ ref('int_opportunity_contacts_unioned') }} as held_roles
    inner join {{ ref('int_opportunity_ids') }} as opportunity_ids
        on held_roles.opportunity_id = opportunity_ids.record_id
    left join {{ ref('int_lead_merges') }} as merge_chains
        on held_roles.contact_id = merge_chains.record_id
    where held_roles.contact_id is not null
)

select * from int_opportunity_roles
