{{ config(materialized='ephemeral') }}
-- One row per lead: is there a credible next step, by activities and opportunities alone?
with

gathered as (
    select
        people.lead_id,
        follow_up.has_next_activity,
        follow_up.has_meeting_held,
        opportunities.lead_id is not null as has_opportunity,
        not follow_up.has_next_activity
        and coalesce(
            coalesce(follow_up.last_touch_at, people.captured_at)
            < {{ add_days(as_of(), '-' ~ var('leak_days')) }},
            false
        ) as is_silent
    from {{ ref('int_people') }} as people
    inner join {{ ref('int_follow_up') }} as follow_up on people.lead_id = follow_up.lead_id
    left join
        {{ ref('int_lead_opportunities') }} as opportunities
        on people.lead_id = opportunities.lead_id
),

int_lead_next_step as (
    select
        lead_id,
        case
            when is_silent then 'fail'
            when has_meeting_held or has_next_activity or has_opportunity then 'pass'
            else 'unknown'
        end as next_step_rule_only_verdict,
        case
            when is_silent then 'silence'
            when has_next_activity then 'next_activity_scheduled'
            when has_opportunity then 'opportunity_exists'
            when has_meeting_held then 'meeting_held'
            else 'still_young'
        end as next_step_rule,
        case
            when is_silent
                then 'nothing scheduled and no touch for {{ var("leak_days") }} days'
            when has_next_activity then 'a meeting or an open task lies ahead'
            when has_opportunity then 'an opportunity exists'
            when has_meeting_held then 'a meeting was held'
            else 'nothing scheduled, last touch or capture within {{ var("leak_days") }} days'
        end as next_step_evidence
    from gathered
)

select * from int_lead_next_step
