-- One row per lead: what sales decided, when, and the reason of a decision against it that stands.
with

people as (
    select * from {{ ref('int_people') }}
),

milestones as (
    select * from {{ ref('int_lead_milestones') }}
),

reasons as (
    select * from {{ ref('disqualification_reasons') }}
),

negatives as (
    select
        events.lead_id,
        min(case
            when events.event_at < milestones.accepted_at or milestones.accepted_at is null
                then events.event_at
        end) as rejected_at,
        min(case when events.event_at >= milestones.accepted_at then events.event_at end)
            as disqualified_at,
        max(events.event_at) as last_negative_at
    from {{ ref('int_lead_status_events') }} as events
    inner join milestones on events.lead_id = milestones.lead_id
    where events.stage = 'rejected'
    group by events.lead_id
),

-- What came last stands; in the same second the decision against the lead does.
decided as (
    select
        people.lead_id,
        people.definition_on,
        people.disqualification_reason,
        negatives.rejected_at,
        negatives.disqualified_at,
        case
            when
                milestones.accepted_at is null and negatives.rejected_at is not null
                then 'rejected'
            when milestones.accepted_at is null then null
            when negatives.disqualified_at is null then 'accepted'
            when
                negatives.last_negative_at
                >= coalesce(milestones.last_positive_at, negatives.last_negative_at)
                then 'disqualified'
            else 'accepted'
        end as sales_decision
    from people
    inner join milestones on people.lead_id = milestones.lead_id
    left join negatives on people.lead_id = negatives.lead_id
),

int_lead_decisions as (
    select
        decided.lead_id,
        decided.rejected_at,
        decided.disqualified_at,
        decided.sales_decision,
        decided.disqualification_reason as disqualification_reason_raw,
        issues.reason as disqualification_reason,
        issues.issue as disqualification_issue,
        coalesce(decided.sales_decision = 'rejected' and issues.issue = 'unstated', false)
            as is_vague_rejection
    from decided
    left join reasons
        on
            {{ folded('decided.disqualification_reason') }} = {{ folded('reasons.raw_value') }}
            and {{ in_force('reasons', 'decided.definition_on') }}
    left join {{ ref('disqualification_issues') }} as issues
        on
            decided.sales_decision in ('rejected', 'disqualified')
            and coalesce(reasons.reason, 'unstated') = issues.reason
)

select * from int_lead_decisions
