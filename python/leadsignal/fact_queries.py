"""The SQL of the facts: counts of one period's leads and deals from the published tables."""

FUNNEL_SQL = """
    select
        source, campaign, offer,
        count(*) as leads,
        count(*) filter (is_target_market) as target_market,
        count(*) filter (is_icp_fit) as fit,
        count(*) filter (fit_verdict in ('pass', 'fail')) as fit_known,
        count(accepted_at) as accepted,
        count(first_conversation_at) as conversations,
        count(*) filter (opportunity_count > 0) as opportunities,
        count(*) filter (is_strong_pipeline) as strong,
        count(*) filter (sales_decision in ('rejected', 'disqualified')) as failed,
        count(*) filter (handed_over_at is not null and sales_decision is null) as undecided,
        count(*) filter (handed_over_at is null) as not_handed_over,
        count(*) filter (demand_type = 'paid') as paid,
        count(*) filter (is_mature) as mature
    from fct_leads
    where {captured}
    group by source, campaign, offer
"""
REASONS_SQL = """
    select disqualification_reason as reason, disqualification_issue as issue, count(*) as leads
    from fct_leads
    where {captured} and sales_decision in ('rejected', 'disqualified')
    group by all
    order by leads desc, reason
"""
UNMAPPED_SQL = """
    select seed, raw_value, sum("rows") as "rows" from unmapped_values
    where field = 'lead source'
    group by all
    union all
    select seed, raw_value, count(*) as "rows"
    from fct_leads
    join (
        select seed, min(raw_value) as raw_value from unmapped_values
        where seed = 'disqualification_reasons'
        group by seed, lower(trim(raw_value))
    ) as unmapped on lower(trim(disqualification_reason_raw)) = lower(trim(raw_value))
    where {captured} and sales_decision in ('rejected', 'disqualified')
        and disqualification_issue = 'unstated'
    group by all
    order by 3 desc, 2
"""
FOLLOW_UP_SQL = """
    select
        count(*) as handed_over,
        count(*) filter (is_follow_up_due) as due,
        count(*) filter (is_follow_up_due and is_follow_up_completed) as completed,
        count(*) filter (is_follow_up_due and hours_to_first_touch <= $sla_hours) as in_time,
        count(*) filter (missed and first_touch_at is null) as untouched,
        count(*) filter (missed and hours_to_first_touch > $sla_hours) as late,
        count(*) filter (missed and hours_to_first_touch <= $sla_hours) as dropped,
        count(*) filter (missed and owner_id is null) as without_owner,
        count(*) filter (missed and owner_type = 'queue') as in_queue,
        count(*) filter (missed and owner_type <> 'queue' and not is_active) as owner_left,
        count(*) filter (lead_state = 'ignored') as ignored,
        count(*) filter (lead_state = 'stalled') as stalled,
        count(*) filter (lead_state = 'unresponsive') as unresponsive,
        (
            select count(*) from fct_leads
            where is_before_activities
                and handed_over_at >= $starts_at and handed_over_at < $ends_at
        ) as before_activities
    from (
        select
            fct_leads.*,
            dim_owners.owner_type,
            dim_owners.is_active,
            is_follow_up_due and is_follow_up_completed is distinct from true as missed
        from fct_leads left join dim_owners using (owner_id)
    ) as leads
    where handed_over_at >= $starts_at and handed_over_at < $ends_at
        and is_before_activities is not true
"""
PIPELINE_SQL = """
    select
        count(*) as deals,
        count(amount) as priced,
        coalesce(sum(amount), 0) as amount,
        count(*) filter (is_sales_qualified) as accepted,
        count(amount) filter (is_sales_qualified) as accepted_priced,
        coalesce(sum(amount) filter (is_sales_qualified), 0) as accepted_amount,
        count(*) filter (is_strong_pipeline) as strong,
        {lacking}
    from fct_opportunities
    where created_at >= $starts_at and created_at < $ends_at
"""
MATURE_SQL = """
    select count(*), count(*) filter (has_opportunity_in_horizon)
    from fct_leads where is_mature and created_at >= ? and created_at < ?
"""
UNUSABLE_SQL = """
    select coalesce(sum(quarantined_rows), 0)::integer, coalesce(sum(raw_rows), 0)::integer
    from row_accounting where record_kind = 'lead'
"""
TALKED_SQL = """
    select count(*) from fct_leads
    where created_at >= $starts_at and created_at < $ends_at and first_conversation_at < $ends_at
"""
TAKEN_SQL = """
    select count(*) filter (accepted_at < $ends_at), count(*)
    from fct_leads where handed_over_at >= $starts_at and handed_over_at < $ends_at
"""
SPEND_SQL = """
    select source, sum(spend) from lead_quality_by_source
    where created_month >= ? and created_month < ? and spend is not null group by source
"""
WON_PRICED_SQL = """
    select count(amount) from fct_opportunities
    where outcome = 'won' and closed_on >= ? and closed_on < ?
"""
RECORD_SQL = """
    select
        (select count(*) from fct_opportunities),
        (select count(*) from fct_opportunities where outcome = 'open'),
        (select count(*) > 0 from fct_leads where sales_decision in ('rejected', 'disqualified'))
"""
