"""The facts of one world without a build: enough of two published tables for a fast test."""

import duckdb
import pyarrow

from calibration.worlds import AS_OF

LEADS_SQL = f"""
    insert into fct_leads by name
    select
        'generic:' || leads.lead_id as lead_id,
        'generic' as crm,
        leads.created_at,
        date_trunc('month', leads.created_at)::date as created_month,
        leads.created_at::date as created_on,
        replace(lower(leads.source), ' ', '_') as source,
        'paid' as demand_type,
        country = 'US' as is_target_market,
        country = 'US' as is_icp_fit,
        if(country = 'US', 'pass', 'fail') as fit_verdict,
        leads.score as lead_score,
        (leads.score // 20 * 20)::integer || '-' || (leads.score // 20 * 20 + 19)::integer
            as score_band,
        leads.handed_over_at,
        leads.handed_over_at::date as handed_over_on,
        leads.accepted_at,
        leads.accepted_at::date as accepted_on,
        leads.rejected_at,
        leads.rejected_at::date as rejected_on,
        case
            when accepted_at is not null then 'accepted'
            when rejected_at is not null then 'rejected'
        end as sales_decision,
        coalesce(disqualification_reason = 'Bad lead', false) as is_vague_rejection,
        deals.created_at as opportunity_at,
        false as is_qualified,
        false as is_before_activities,
        calls.completed_at as first_touch_at,
        epoch(calls.completed_at - leads.handed_over_at) / 3600 as hours_to_first_touch,
        coalesce(leads.handed_over_at <= moment - interval 1 day, false) as is_follow_up_due,
        coalesce(
            calls.completed_at <= leads.handed_over_at + interval 1 day
            and (accepted_at is not null or rejected_at is not null), false
        ) as is_follow_up_completed,
        leads.created_at <= moment - interval 90 day as is_mature,
        deals.created_at <= leads.created_at + interval 90 day
        and leads.created_at <= moment - interval 90 day as has_opportunity_in_horizon,
        false as is_strong_pipeline,
        'new' as lead_state
    from leads
    cross join (select timestamp '{AS_OF} 23:59:59' as moment)
    left join deals on leads.opportunity_id = deals.opportunity_id
    left join calls on leads.lead_id = calls.lead_id
"""
DEALS_SQL = """
    insert into fct_opportunities by name
    select
        'generic:' || opportunity_id as opportunity_id,
        'generic' as crm,
        replace(lower(source), ' ', '_') as source,
        'marketing' as origin,
        created_at,
        created_at::date as opened_on,
        closed_at,
        closed_at::date as closed_on,
        case when not is_closed then 'open' when is_won then 'won' else 'lost' end as outcome,
        amount,
        0 as contact_count,
        epoch(closed_at - created_at) / 86400 as days_to_close
    from deals
"""


def insert(con: duckdb.DuckDBPyConnection, drawn: dict[str, pyarrow.Table]) -> None:
    """Fills the empty tables fct_leads and fct_opportunities from what `drawing.draw` gave."""
    names = {"leads": "leads", "deals": "opportunities", "calls": "activities"}
    for name, table in names.items():
        con.register(name, drawn[table])
    con.execute(LEADS_SQL)
    con.execute(DEALS_SQL)
    for name in names:
        con.unregister(name)
