-- One row per touch, lead and deal it belongs to: calls, e-mails, meetings and other tasks that took
-- place, and responses to events and materials.
with

-- Several persons of one touch may be one lead.
fct_touches as (
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
)

select * from fct_touches
