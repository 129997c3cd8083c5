"""The oracle alone against fifty leads whose every answer is known."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from oracle import Settings, Tables, run_folder

COLUMNS = ("is_target_market", "is_icp_fit", "outcome")
MOMENTS = ["created_at", "handed_over_at", "first_touch_at", "accepted_at", "rejected_at"]
MOMENTS += ["first_conversation_at", "opportunity_at"]


@pytest.fixture(scope="module")
def folder(shared: Callable[[str], Path]) -> Path:
    return shared("fifty_leads")


@pytest.fixture(scope="module")
def truth(folder: Path) -> dict[str, Any]:
    known: dict[str, Any] = json.loads((folder / "truth.json").read_text())
    return known


@pytest.fixture(scope="module")
def tables(folder: Path, truth: dict[str, Any]) -> Tables:
    return run_folder(folder, Settings(truth["as_of"]))


def test_totals(tables: Tables) -> None:
    leads = tables["fct_leads"]
    assert len(leads) == 50
    assert sum(lead["is_target_market"] for lead in leads) == 26
    assert sum(lead["is_icp_fit"] for lead in leads) == 18
    assert sum(lead["accepted_at"] is not None for lead in leads) == 12
    assert sum(lead["first_conversation_at"] is not None for lead in leads) == 8
    assert sum(lead["opportunity_id"] is not None for lead in leads) == 4
    assert sum(lead["is_strong_pipeline"] for lead in leads) == 2


def test_every_lead(tables: Tables, truth: dict[str, Any]) -> None:
    by_id = {lead["lead_id"]: lead for lead in tables["fct_leads"]}
    for known in truth["leads"]:
        lead = by_id[f"salesforce:{known['lead_id']}"]
        found = {name: lead[name] for name in COLUMNS}
        found |= {name: lead[name] and str(lead[name]) for name in MOMENTS}
        found |= {"raw_reason": lead["disqualification_reason_raw"] or ""}
        found |= {"is_accepted": lead["sales_decision"] == "accepted"}
        found |= {"is_rejected": lead["sales_decision"] == "rejected"}
        found |= {"source": lead["source_raw"]}
        if found["outcome"] == "open":
            found["outcome"] = None  # the truth names only what came to an end
        assert found == {name: known[name] for name in found}, known["lead_id"]


def test_every_opportunity(tables: Tables, truth: dict[str, Any]) -> None:
    by_id = {deal["opportunity_id"]: deal for deal in tables["fct_opportunities"]}
    assert len(by_id) == len(truth["opportunities"])
    for known in truth["opportunities"]:
        deal = by_id[f"salesforce:{known['opportunity_id']}"]
        assert deal["source"] == known["source"].lower().replace(" ", "_")
        assert str(deal["created_at"]) == known["created_at"]
        assert (deal["outcome"], deal["amount"]) == (known["outcome"], known["amount"])
        assert (deal["is_strong_pipeline"], deal["closed_at"]) == (known["is_strong"], None)
        assert deal["stage_reached"] == known["furthest_open_stage"]
        days = {
            visit["stage"]: visit["days_in_stage"]
            for visit in tables["fct_opportunity_stages"]
            if visit["opportunity_id"] == deal["opportunity_id"]
        }
        # The truth has whole seconds for as_of and microseconds in between: a second apart at most.
        assert days == pytest.approx(known["stage_days"], abs=1.2e-5)


def test_by_source(tables: Tables, truth: dict[str, Any]) -> None:
    rows = {row["source"]: row for row in tables["lead_quality_by_source"]}
    assert len(rows) == len(truth["by_source"])
    for source, known in truth["by_source"].items():
        row = rows[source.lower().replace(" ", "_")]
        assert {name: row[name] for name in known} == known
