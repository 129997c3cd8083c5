-- One row per month of the decision, source and reason: standing rejections and disqualifications.
with

decisions as (
    select
        *,
        case sales_decision
            when 'rejected' then rejected_at when 'disqualified' then disqualified_at
        end as decided_at
    from {{ ref('fct_leads') }}
    where sales_decision in ('rejected', 'disqualified')
),

disqualification_by_source as (
    select
        {{ reporting_month('decided_at') }} as decision_month,
        source,
        disqualification_reason as reason,
        disqualification_issue as issue,
        cast(count(*) as integer) as leads
    from decisions
    group by
        {{ reporting_month('decided_at') }}, source, disqualification_reason, disqualification_issue
)

select * from disqualification_by_source
