-- One row per touch, lead and deal it belongs to: calls, e-mails, meetings and other tasks that took
-- place, and responses to events and materials.
with

-- Several persons of one touch may be one lead.
touches as (
    select distinct
        touch_id,
        crm,
        touched_at,
        {{ reporting_day('touched_at') }} as touched_on,
        kind,
        direction,
        lead_id,
        opportunity_id,
        campaign
    from {{ ref('int_touches') }}
    where lead_id is not null or opportunity_id is not null
),

-- Beside a lead and a deal, persons that are no lead and deals that do not count add nothing.
complete as (
    select distinct touch_id, kind
    from touches
    where lead_id is not null and opportunity_id is not null
),

fct_touches as (
    select touches.*
    from touches
    left join complete on touches.touch_id = complete.touch_id and touches.kind = complete.kind
    where
        complete.touch_id is null
        or (touches.lead_id is not null and touches.opportunity_id is not null)
)

select * from fct_touches
