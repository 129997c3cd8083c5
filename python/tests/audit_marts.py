"""A tiny set of marts in which every rule of the audit holds, made from the contracts alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import yaml
from builds import ROOT
from leadsignal.warehouse import quoted

AS_OF = "2026-10-31 23:59:59"
EMPTY = {"varchar": "", "boolean": False, "integer": 0, "bigint": 0, "double": 0.0}
UNSAID = {"pain": "unknown", "timing": "unknown", "authority": "unknown", "next_step": "unknown"}


def write(file: Path, *, is_empty: bool = False) -> Path:
    """A marts file with three leads and two deals, or with none."""
    with duckdb.connect() as con:
        con.execute(f"attach {quoted(file)} as leadsignal")
        con.execute("create schema leadsignal.marts")
        con.execute("use leadsignal.marts")
        contracts = _contracts()
        for table, columns in contracts.items():
            types = ", ".join(f'"{column["name"]}" {column["data_type"]}' for column in columns)
            con.execute(f"create table {table} ({types})")
        for table, row in PUBLICATION if is_empty else PUBLICATION + LEADS + DEALS + COUNTS:
            _insert(con, table, contracts[table], row)
    return file


def change(file: Path, statement: str) -> None:
    """Change the tables in place."""
    with duckdb.connect() as con:
        con.execute(f"attach {quoted(file)} as leadsignal")
        con.execute("use leadsignal.marts")
        con.execute(statement)


def _contracts() -> dict[str, list[dict[str, Any]]]:
    """Columns of each published table, as its contract says."""
    files = sorted((ROOT / "models" / "marts").glob("*/_*__models.yml"))
    models = [model for file in files for model in yaml.safe_load(file.read_text())["models"]]
    return {
        model.get("config", {}).get("alias", model["name"]): model["columns"] for model in models
    }


def _insert(
    con: duckdb.DuckDBPyConnection, table: str, columns: list[dict[str, Any]], row: dict[str, Any]
) -> None:
    """One row; a column that must be filled and is not named gets the emptiest value."""
    required = {column["name"]: column for column in columns if column.get("constraints")}
    filled = {name: EMPTY.get(column["data_type"]) for name, column in required.items()} | row
    names = ", ".join(f'"{name}"' for name in filled)
    marks = ", ".join("?" for _ in filled)
    con.execute(f"insert into {table} ({names}) values ({marks})", list(filled.values()))


def _verdicts(fit: str, other: str) -> dict[str, Any]:
    return {"fit_verdict": fit} | {f"{each}_verdict": other for each in UNSAID}


def _rule_only(lead_id: str, fit: str, other: str) -> dict[str, Any]:
    both = _verdicts(fit, other)
    return (
        {"lead_id": lead_id}
        | both
        | {name.replace("_verdict", "_rule_only_verdict"): value for name, value in both.items()}
    )


PUBLICATION: list[tuple[str, dict[str, Any]]] = [
    (
        "publication",
        {"build_id": "b1", "contract_version": "1", "as_of": AS_OF, "built_at": AS_OF},
    ),
]

LEADS: list[tuple[str, dict[str, Any]]] = [
    (
        "fct_leads",
        {
            "lead_id": "crm:won",
            "crm": "crm",
            "created_at": "2026-09-01 08:00:00",
            "created_month": "2026-09-01",
            "source": "webinar",
            "is_target_market": True,
            "is_icp_fit": True,
            **_verdicts("pass", "pass"),
            "is_qualified": True,
            "route": "sales",
            "handed_over_at": "2026-09-02 08:00:00",
            "first_touch_at": "2026-09-02 09:00:00",
            "hours_to_first_touch": 1.0,
            "touch_count": 2,
            "accepted_at": "2026-09-03 08:00:00",
            "sales_decision": "accepted",
            "first_conversation_at": "2026-09-05 08:00:00",
            "opportunity_at": "2026-09-06 08:00:00",
            "closed_at": "2026-10-01 08:00:00",
            "outcome": "won",
            "lifecycle_stage": "won",
            "lead_state": "won",
            "is_follow_up_due": True,
            "is_follow_up_completed": True,
            "opportunity_id": "crm:d1",
            "opportunity_count": 1,
            "is_strong_pipeline": True,
            "pipeline_amount": 1000.0,
            "won_amount": 1000.0,
        },
    ),
    (
        "fct_leads",
        {
            "lead_id": "crm:rejected",
            "crm": "crm",
            "created_at": "2026-09-03 08:00:00",
            "created_month": "2026-09-01",
            "source": "blog",
            "is_target_market": True,
            **_verdicts("fail", "unknown"),
            "route": "discard",
            "handed_over_at": "2026-09-04 08:00:00",
            "rejected_at": "2026-09-05 08:00:00",
            "sales_decision": "rejected",
            "disqualification_reason": "company_too_small",
            "disqualification_issue": "fit",
            "lifecycle_stage": "handed_over",
            "lead_state": "bad_fit",
            "is_follow_up_due": True,
        },
    ),
    (
        "fct_leads",
        {
            "lead_id": "crm:new",
            "crm": "crm",
            "created_at": "2026-10-30 08:00:00",
            "created_month": "2026-10-01",
            "source": "blog",
            **_verdicts("unknown", "unknown"),
            "route": "research",
            "lifecycle_stage": "captured",
            "lead_state": "not_handed_over",
        },
    ),
    ("fct_lead_verdicts", _rule_only("crm:won", "pass", "pass")),
    ("fct_lead_verdicts", _rule_only("crm:rejected", "fail", "unknown")),
    ("fct_lead_verdicts", _rule_only("crm:new", "unknown", "unknown")),
]

DEALS: list[tuple[str, dict[str, Any]]] = [
    (
        "fct_opportunities",
        {
            "opportunity_id": "crm:d1",
            "crm": "crm",
            "lead_id": "crm:won",
            "is_sales_qualified": True,
            "source": "webinar",
            "origin": "marketing",
            "created_at": "2026-09-06 08:00:00",
            "opened_on": "2026-09-06",
            "opened_month": "2026-09-01",
            "closed_at": "2026-10-01 08:00:00",
            "closed_month": "2026-10-01",
            "outcome": "won",
            "amount": 1000.0,
            **dict.fromkeys(("has_amount", "has_live_close_date", "has_next_step"), True),
            "has_decision_maker": True,
            "quality_criteria_met": 4,
            "is_strong_pipeline": True,
            "contact_count": 1,
            "days_to_close": 25.0,
        },
    ),
    (
        "fct_opportunities",
        {
            "opportunity_id": "crm:d2",
            "crm": "crm",
            "source": "outbound",
            "origin": "sales",
            "created_at": "2026-10-10 08:00:00",
            "opened_month": "2026-10-01",
            "outcome": "open",
            "amount": 500.0,
            "has_amount": True,
            "quality_criteria_met": 1,
        },
    ),
    (
        "fct_opportunity_stages",
        {
            "opportunity_id": "crm:d2",
            "stage": "Prospecting",
            "visit_number": 1,
            "is_open": True,
            "outcome": "open",
            "source": "outbound",
        },
    ),
]

COUNTS: list[tuple[str, dict[str, Any]]] = [
    (
        "lead_quality_by_source",
        {
            "created_month": "2026-09-01",
            "source": "webinar",
            **dict.fromkeys(
                ("leads", "target_market_leads", "icp_fit_leads", "fit_known_leads"), 1
            ),
            **dict.fromkeys(("qualified_leads", "handed_over_leads", "accepted_leads"), 1),
            **dict.fromkeys(("due_leads", "followed_up_leads", "conversations"), 1),
            **dict.fromkeys(("opportunities", "strong_opportunities", "won"), 1),
            "pipeline_amount": 1000.0,
            "won_amount": 1000.0,
            "spend": 300.0,
            **dict.fromkeys(("target_market_rate", "icp_fit_rate", "qualified_rate"), 1.0),
            **dict.fromkeys(("sales_acceptance_rate", "decision_coverage_rate"), 1.0),
            **dict.fromkeys(("follow_up_completion_rate", "win_rate"), 1.0),
            **dict.fromkeys(("cost_per_lead", "cost_per_fit_lead", "cost_per_opportunity"), 300.0),
        },
    ),
    (
        "lead_quality_by_source",
        {
            "created_month": "2026-09-01",
            "source": "blog",
            **dict.fromkeys(("leads", "target_market_leads", "fit_known_leads"), 1),
            **dict.fromkeys(("handed_over_leads", "rejected_leads", "due_leads"), 1),
            "target_market_rate": 1.0,
            "decision_coverage_rate": 1.0,
            **dict.fromkeys(("icp_fit_rate", "qualified_rate"), 0.0),
            **dict.fromkeys(("sales_acceptance_rate", "follow_up_completion_rate"), 0.0),
        },
    ),
    (
        "lead_quality_by_source",
        {
            "created_month": "2026-10-01",
            "source": "blog",
            "leads": 1,
            **dict.fromkeys(("target_market_rate", "icp_fit_rate", "qualified_rate"), 0.0),
        },
    ),
    (
        "win_rate_by_source",
        {
            "closed_month": "2026-10-01",
            "source": "webinar",
            "won": 1,
            "won_amount": 1000.0,
            "win_rate": 1.0,
            "value_win_rate": 1.0,
        },
    ),
    (
        "pipeline_quality",
        {
            "opened_month": "2026-09-01",
            "source": "webinar",
            **dict.fromkeys(("opportunities", "strong_opportunities", "won"), 1),
            "amount": 1000.0,
            "opportunity_quality_rate": 1.0,
        },
    ),
    (
        "pipeline_quality",
        {
            "opened_month": "2026-10-01",
            "source": "outbound",
            **dict.fromkeys(("opportunities", "open_opportunities"), 1),
            "amount": 500.0,
            **dict.fromkeys(("opportunity_quality_rate", "contact_coverage_rate"), 0.0),
        },
    ),
    (
        "stage_reached_by_source",
        {"source": "webinar", "stage": "unknown", "opportunities": 1, "won": 1},
    ),
    (
        "stage_reached_by_source",
        {"source": "outbound", "stage": "Prospecting", "opportunities": 1},
    ),
    (
        "velocity_by_source",
        {
            "source": "outbound",
            "stage": "Prospecting",
            "outcome": "open",
            "visits": 1,
            "open_visits": 1,
        },
    ),
    (
        "lead_velocity_by_source",
        {"source": "webinar", "step": "opportunity", "outcome": "won", "finished_leads": 1},
    ),
    (
        "fct_touches",
        {"touch_id": "crm:t1", "kind": "call", "lead_id": "crm:won", "touched_at": "2026-10-01"},
    ),
    (
        "engaged_untied_contacts",
        {"opportunity_id": "crm:d2", "person_id": "crm:new", "lead_id": "crm:new", "touches": 1},
    ),
    (
        "disqualification_by_source",
        {
            "decision_month": "2026-09-01",
            "source": "blog",
            "reason": "company_too_small",
            "issue": "fit",
            "leads": 1,
        },
    ),
    (
        "follow_up_by_owner",
        {
            "handed_over_month": "2026-09-01",
            "owner_id": "unassigned",
            "handed_over_leads": 2,
            "due_leads": 2,
            "touched_leads": 1,
            "followed_up_leads": 1,
        },
    ),
    (
        "crm_trust",
        {
            "question": "Where did it come from?",
            "answerable_rows": 3,
            "rows": 3,
            "answerable_rate": 1.0,
            "grade": "high",
        },
    ),
    (
        "crm_freshness",
        {"crm": "crm", "data_through": "2026-10-31 20:00:00", "is_stale": False},
    ),
    (
        "row_accounting",
        {
            "crm": "crm",
            "raw_table": "lead",
            "record_kind": "lead",
            "raw_rows": 200,
            "used_rows": 3,
            "merged_rows": 196,
            "quarantined_rows": 1,
        },
    ),
    (
        "quarantined_rows",
        {"crm": "crm", "raw_table": "lead", "raw_row_number": 1, "reason": "no id"},
    ),
]
