"""For each rule of the audit: changes of the tiny marts that break it, and the rows it names."""

from __future__ import annotations


def _months(leads_in_october: int, share_of_good: float) -> str:
    """Forty leads a month from January, half of them good; then October."""
    return f"""
        create temp table model as select * from fct_leads where lead_id = 'crm:won';
        delete from fct_leads;
        insert into fct_leads
        select model.* replace (
            concat('crm:', month, '-', nr) as lead_id,
            make_date(2026, month, 15)::timestamp as created_at,
            make_date(2026, month, 1) as created_month,
            make_date(2026, month, 16)::timestamp as handed_over_at,
            make_date(2026, month, 16) as handed_over_on,
            is_good as is_icp_fit,
            case when is_good then make_date(2026, month, 17)::timestamp end as accepted_at,
            if(is_good, 'accepted', 'rejected') as sales_decision
        )
        from model
        cross join (
            select
                month::integer as month,
                nr,
                if(month < 10, nr % 2 = 0, nr < leads * {share_of_good}) as is_good
            from generate_series(1, 10) as months (month)
            cross join lateral (select if(month < 10, 40, {leads_in_october}) as leads)
            cross join lateral (select unnest(range(leads)) as nr)
        )
    """


def _lead(assignment: str, lead: str = "won") -> tuple[str, list[str]]:
    return f"update fct_leads set {assignment} where lead_id = 'crm:{lead}'", [f"crm:{lead}"]


def _deal(assignment: str, deal: str = "d1") -> tuple[str, list[str]]:
    change = f"update fct_opportunities set {assignment} where opportunity_id = 'crm:{deal}'"
    return change, [f"crm:{deal}"]


def _set(table: str, assignment: str, *named: str) -> tuple[str, list[str]]:
    return f"update {table} set {assignment}", list(named)


def _unmapped(field: str, value: str) -> tuple[str, list[str]]:
    row = f"('crm', '{field}', '{value}', 1, 'some_seed', 'unknown')"
    return f"insert into unmapped_values values {row}", [f"crm: {field}: {value}"]


BREAKS: dict[str, list[tuple[str, list[str]]]] = {
    "one_standing_decision": [
        _lead("sales_decision = 'rejected', rejected_at = '2026-09-02'"),
        _lead("accepted_at = '2026-09-06'", "rejected"),
        _lead("sales_decision = null"),
        _lead("sales_decision = 'disqualified'"),
    ],
    "decisions_in_order": [
        _lead("rejected_at = accepted_at"),
        _lead("disqualified_at = accepted_at - interval 1 second"),
    ],
    "milestones_in_order": [
        _lead("first_touch_at = handed_over_at - interval 1 second"),
        _lead("hours_to_first_touch = -1"),
        _lead(
            "is_handover_inferred = true, handed_over_at = '2026-09-02 08:30', accepted_at = "
            "'2026-09-02 08:20'"
        ),
        _lead("is_acceptance_inferred = true, first_conversation_at = '2026-09-02 20:00'"),
    ],
    "no_step_without_its_start": [
        _lead("handed_over_at = null"),
        _lead("accepted_at = null"),
        _lead("first_conversation_at = '2026-10-30 09:00'", "new"),
        _lead("touch_count = 1", "new"),
    ],
    "nothing_after_as_of": [
        _lead("accepted_at = '2026-11-01'"),
        _lead("created_at = '2027-01-01'"),
    ],
    "stage_is_the_furthest": [
        _lead("lifecycle_stage = 'captured'"),
        _lead("lifecycle_stage = 'accepted'"),
        _lead("lifecycle_stage = 'opportunity'"),
        _lead("lifecycle_stage = 'handed_over'", "new"),
    ],
    "opportunity_agrees_with_outcome": [
        _lead("opportunity_count = 0"),
        _lead("outcome = 'lost'", "new"),
        _lead("is_strong_pipeline = true", "new"),
    ],
    "verdicts_in_their_sets": [
        _lead("fit_verdict = 'maybe'"),
        _lead("timing_verdict = 'Pass'"),
        _lead("authority_verdict = ''"),
    ],
    "states_in_their_sets": [
        _lead("lead_state = 'lost in space'"),
        _lead("sales_decision = 'declined'"),
        _lead("route = 'unknown'"),
    ],
    "fit_agrees_with_verdict": [
        _lead("is_icp_fit = false"),
        _lead("is_target_market = false"),
        _lead("noise_class = 'student'"),
    ],
    "qualified_leads_fit": [
        (
            "update fct_lead_verdicts set fit_rule_only_verdict = 'fail' where lead_id = 'crm:won'",
            ["crm:won"],
        ),
        _lead("is_qualified = true, route = 'sales'", "new"),
        _lead("is_qualified = true", "rejected"),
        _lead("noise_class = 'vendor'"),
    ],
    "reason_in_closed_list": [
        _lead("disqualification_reason = 'Did not like them'", "rejected"),
        _lead("disqualification_reason = null", "rejected"),
        _lead("disqualification_issue = 'chemistry'", "rejected"),
    ],
    "reason_only_with_decision": [
        _lead("disqualification_reason = 'too_early'"),
        _lead("is_vague_rejection = true", "rejected"),
        _lead("disqualification_reason = 'unstated'", "rejected"),
    ],
    "opportunity_has_source": [
        _deal("source = null"),
        _deal("source = ' '"),
        _deal("origin = '?'"),
    ],
    "opportunity_dates_agree": [
        _deal("closed_at = '2026-10-20'", "d2"),
        _deal("days_to_close = -1"),
        _deal("outcome = 'maybe'"),
    ],
    "quality_criteria_add_up": [
        _deal("quality_criteria_met = 5"),
        ("update fct_opportunities set is_strong_pipeline = not is_strong_pipeline", ["crm:d2"]),
    ],
    "sales_qualified_by_the_lead": [
        _deal("is_sales_qualified = false"),
        _deal("is_sales_qualified = true", "d2"),
    ],
    "touches_belong_somewhere": [
        _set("fct_touches", "lead_id = null", "crm:t1"),
        _set("fct_touches", "kind = 'fax'", "crm:t1"),
        _set("fct_touches", "touched_at = '2026-11-01'", "crm:t1"),
    ],
    "engaged_beside_an_open_deal": [
        _set("engaged_untied_contacts", "touches = 0", "crm:d2 crm:new"),
        _set("engaged_untied_contacts", "opportunity_id = 'crm:d1'", "crm:d1 crm:new"),
        (
            "update fct_opportunities set lead_id = 'crm:new' where opportunity_id = 'crm:d2'",
            ["crm:d2 crm:new"],
        ),
    ],
    "lead_rates": [
        (
            "update lead_quality_by_source set icp_fit_rate = 1.5 where source = 'webinar'",
            ["2026-09-01 webinar"],
        ),
        (
            "update lead_quality_by_source set win_rate = 0.5 where source = 'webinar'",
            ["2026-09-01 webinar"],
        ),
        (
            "update lead_quality_by_source set win_rate = 0 where created_month = '2026-10-01'",
            ["2026-10-01 blog"],
        ),
        (
            "update lead_quality_by_source set cost_per_lead = 0 where source = 'webinar'",
            ["2026-09-01 webinar"],
        ),
    ],
    "lead_table_adds_up": [
        (
            "update lead_quality_by_source set leads = 2 where source = 'webinar'",
            ["2026-09-01 webinar"],
        ),
        ("delete from lead_quality_by_source where source = 'webinar'", ["2026-09-01 webinar"]),
        (
            "update lead_quality_by_source set pipeline_amount = 999 where source = 'webinar'",
            ["2026-09-01 webinar"],
        ),
        (
            "insert into fct_leads select * replace ('crm:more' as lead_id, null as created_month) "
            "from fct_leads where lead_id = 'crm:new'",
            ["blog"],
        ),
    ],
    "closing_rates": [
        _set("win_rate_by_source", "win_rate = 0.9", "2026-10-01 webinar"),
        _set("win_rate_by_source", "value_win_rate = 2", "2026-10-01 webinar"),
    ],
    "win_table_adds_up": [
        _set("win_rate_by_source", "won = 2", "2026-10-01 webinar"),
        _set("win_rate_by_source", "lost_amount = 1", "2026-10-01 webinar"),
    ],
    "pipeline_rates": [
        (
            "update pipeline_quality set contact_coverage_rate = null where source = 'outbound'",
            ["2026-10-01 outbound"],
        ),
        (
            "update pipeline_quality set opportunity_quality_rate = -0.1 where source = 'outbound'",
            ["2026-10-01 outbound"],
        ),
    ],
    "pipeline_table_adds_up": [
        ("delete from pipeline_quality where source = 'outbound'", ["2026-10-01 outbound"])
    ],
    "stage_table_adds_up": [("delete from stage_reached_by_source where won = 1", ["webinar"])],
    "velocity_table_adds_up": [_set("velocity_by_source", "visits = 3", "outbound open")],
    "lead_steps_add_up": [_set("lead_velocity_by_source", "finished_leads = 2", "webinar")],
    "reason_table_adds_up": [_set("disqualification_by_source", "leads = 2", "blog")],
    "follow_up_table_adds_up": [_set("follow_up_by_owner", "due_leads = 1", "the whole table")],
    "trust_rates": [
        _set("crm_trust", "answerable_rate = 1.1", "Where did it come from?"),
        _set("crm_trust", "answerable_rows = 2", "Where did it come from?"),
    ],
    "quarantine_adds_up": [("delete from quarantined_rows", ["crm lead"])],
    "leads_match_raw_rows": [("delete from fct_leads where lead_id = 'crm:new'", ["crm"])],
    "accepted_leads_fit": [_lead("fit_verdict = 'fail'")],
    "accepted_leads_known": [_lead("fit_verdict = 'unknown'")],
    "qualified_leads_taken": [_lead("is_qualified = true", "rejected")],
    "rejections_say_why": [_lead("is_vague_rejection = true", "rejected")],
    "acceptance_recorded": [_lead("is_acceptance_inferred = true")],
    "steps_recorded_in_order": [
        _lead("created_at = '2026-09-02 08:00:01'"),
        _lead("handed_over_at = '2026-09-03 09:00'"),
        _lead("closed_at = '2026-09-05'"),
    ],
    "lead_sources_known": [_lead("source = 'unknown'", "new")],
    "history_complete": [
        (
            "update fct_leads set is_history_truncated = true where lead_id <> 'crm:new'",
            ["crm:rejected", "crm:won"],
        )
    ],
    "volume_as_usual": [(_months(5, 0.5), ["2026-10"]), (_months(400, 0.5), ["2026-10"])],
    "fit_as_usual": [(_months(40, 0.05), ["2026-10"]), (_months(40, 1), ["2026-10"])],
    "acceptance_as_usual": [(_months(40, 0.05), ["2026-10"])],
    "leads_kept": [("delete from fct_leads where lead_id = 'crm:new'", [])],
    "leads_still_there": [
        ("delete from fct_leads where lead_id <> 'crm:won'", ["crm:new", "crm:rejected"])
    ],
    "deals_still_there": [("delete from fct_opportunities", ["crm:d1", "crm:d2"])],
    "deal_sources_known": [_deal("source = 'unknown'")],
    "deals_close_after_opening": [_deal("closed_on = '2026-09-05'")],
    "amounts_not_negative": [_deal("amount = -1", "d2")],
    "statuses_mapped": [_unmapped("lead status", "Vorgemerkt")],
    "sources_mapped": [_unmapped("lead source", "Messe")],
    "reasons_mapped": [_unmapped("disqualification reason", "zu teuer")],
    "few_rows_quarantined": [
        _set("row_accounting", "raw_rows = 203, quarantined_rows = 4", "crm.lead")
    ],
    "crms_fresh": [_set("crm_freshness", "is_stale = true", "crm 2026-10-31 20:00")],
    "questions_answerable": [_set("crm_trust", "grade = 'low'", "Where did it come from?")],
}
USUAL_MONTHS = _months(38, 0.45)
