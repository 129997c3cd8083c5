-- What: the counts by source add up to the leads, one road over the scorecard, one straight over fct_leads.
-- Why: two tables that disagree make both worthless.
-- Mend: compare the conditions in lead_quality_by_source with the columns of fct_leads.
with

by_source as (
    select
        sum(leads) as leads,
        sum(icp_fit_leads) as icp_fit_leads,
        sum(accepted_leads) as accepted_leads,
        sum(rejected_leads) as rejected_leads,
        sum(followed_up_leads) as followed_up_leads,
        sum(opportunities) as opportunities,
        sum(won) as won
    from {{ ref('lead_quality_by_source') }}
),

straight as (
    select
        count(*) as leads,
        count(case when is_icp_fit then 1 end) as icp_fit_leads,
        count(accepted_at) as accepted_leads,
        count(case when sales_decision = 'rejected' then 1 end) as rejected_leads,
        count(case when is_follow_up_completed then 1 end) as followed_up_leads,
        count(opportunity_id) as opportunities,
        count(case when outcome = 'won' then 1 end) as won
    from {{ ref('fct_leads') }}
)

select straight.*
from straight
cross join by_source
where
    straight.leads <> coalesce(by_source.leads, 0)
    or straight.icp_fit_leads <> coalesce(by_source.icp_fit_leads, 0)
    or straight.accepted_leads <> coalesce(by_source.accepted_leads, 0)
    or straight.rejected_leads <> coalesce(by_source.rejected_leads, 0)
    or straight.followed_up_leads <> coalesce(by_source.followed_up_leads, 0)
    or straight.opportunities <> coalesce(by_source.opportunities, 0)
    or straight.won <> coalesce(by_source.won, 0)
