-- What: of each lead, the outbound touches from its handover on are the touches it is said to have,
--   and the events and materials are its responses that have a time.
-- Why: how many touches it takes must not differ from whether follow-up was done.
-- Mend: compare is_touch in int_activities with the direction in int_touches.
with

touches as (
    select
        leads.lead_id,
        count(distinct case
            when touches.direction = 'outbound' and touches.touched_at >= leads.handed_over_at
                then touches.touch_id
        end) as touch_count,
        count(case when touches.kind in ('event', 'material') then 1 end) as response_count
    from {{ ref('fct_leads') }} as leads
    left join {{ ref('fct_touches') }} as touches on leads.lead_id = touches.lead_id
    group by leads.lead_id
),

responses as (
    select lead_id, count(responded_at) as response_count
    from {{ ref('fct_responses') }}
    group by lead_id
)

select touches.*, leads.touch_count as said_touch_count, responses.response_count as said_responses
from touches
inner join {{ ref('fct_leads') }} as leads on touches.lead_id = leads.lead_id
left join responses on touches.lead_id = responses.lead_id
where
    touches.touch_count <> leads.touch_count
    or touches.response_count <> coalesce(responses.response_count, 0)
