-- What: the counts by source, by owner and by reason add up to the leads: one road over the tables, one straight over fct_leads.
-- Why: two tables that disagree make both worthless.
-- Mend: the column that differs names the count; compare its condition in models/marts/scorecard with the columns of fct_leads.
with

by_table as (
    select
        by_source.*,
        by_owner.*,
        (select coalesce(sum(leads), 0) from {{ ref('disqualification_by_source') }}) as standing_against
    from (
        select
            coalesce(sum(leads), 0) as leads,
            coalesce(sum(icp_fit_leads), 0) as icp_fit_leads,
            coalesce(sum(accepted_leads), 0) as accepted_leads,
            coalesce(sum(rejected_leads), 0) as rejected_leads,
            coalesce(sum(followed_up_leads), 0) as followed_up_leads,
            coalesce(sum(opportunities), 0) as opportunities,
            coalesce(sum(won), 0) as won
        from {{ ref('lead_quality_by_source') }}
    ) as by_source
    cross join (
        select
            coalesce(sum(handed_over_leads), 0) as handed_over_leads,
            coalesce(sum(due_leads), 0) as due_leads,
            coalesce(sum(touched_leads), 0) as touched_leads,
            coalesce(sum(followed_up_leads), 0) as followed_up_by_owner
        from {{ ref('follow_up_by_owner') }}
    ) as by_owner
),

straight as (
    select
        count(*) as leads,
        count(case when is_icp_fit then 1 end) as icp_fit_leads,
        count(accepted_at) as accepted_leads,
        count(case when sales_decision = 'rejected' then 1 end) as rejected_leads,
        count(case when is_follow_up_completed then 1 end) as followed_up_leads,
        count(opportunity_id) as opportunities,
        count(case when outcome = 'won' then 1 end) as won,
        count(handed_over_at) as handed_over_leads,
        count(case when is_follow_up_due then 1 end) as due_leads,
        count(first_touch_at) as touched_leads,
        count(case when is_follow_up_completed then 1 end) as followed_up_by_owner,
        count(case when sales_decision <> 'accepted' then 1 end) as standing_against
    from {{ ref('fct_leads') }}
)

-- Equal rows become one; two rows are the two roads that differ.
select * from straight where not exists (select * from straight intersect select * from by_table)
union all
select * from by_table where not exists (select * from straight intersect select * from by_table)
