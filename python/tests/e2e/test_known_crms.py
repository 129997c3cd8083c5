"""Real exports and the shipped demo: green, and equal to the oracle and to their truth."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from builds import ROOT, Row, read_table
from conftest import Build
from oracle import Settings, run_folder

from .compare import assert_same

Find = Callable[[str], Path]
AS_OF = {
    "fifty_leads": "2026-10-31 23:59:59",
    "sf_devorg": "2026-04-30",
    "sf_datacloud_workshop": "2024-01-31",
    "fivetran_salesforce": "2026-10-31",
}

SLOW = ("sf_datacloud_workshop", "fivetran_salesforce")


def truth(folder: Path, name: str) -> list[dict[str, str]]:
    """Rows of a table of figures that were computed in another way."""
    with (folder / "truth" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def total(rows: list[Row], column: str) -> float:
    return sum(row[column] or 0 for row in rows)


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[pytest.mark.slow] if name in SLOW else []) for name in AS_OF],
)
def test_models_and_oracle_agree(name: str, shared: Find, build: Build) -> None:
    folder = shared(name)
    marts = build(folder, AS_OF[name])
    assert_same(marts, run_folder(folder, Settings(AS_OF[name])))


def test_models_and_oracle_agree_on_the_demo(demo_marts: Path) -> None:
    publication = read_table(demo_marts, "publication")[0]
    as_of = publication["as_of"].isoformat(sep=" ")
    assert_same(demo_marts, run_folder(ROOT / "demo", Settings(as_of)))


def test_fifty_leads_are_what_the_truth_says(shared: Find, build: Build) -> None:
    folder = shared("fifty_leads")
    known = json.loads((folder / "truth.json").read_text())["total"]
    marts = build(folder, AS_OF["fifty_leads"])
    by_source = read_table(marts, "lead_quality_by_source")
    assert {name: total(by_source, name) for name in known} == known


def test_devorg_deals_are_what_the_truth_says(shared: Find, build: Build) -> None:
    folder = shared("sf_devorg")
    marts = build(folder, AS_OF["sf_devorg"])
    deals = read_table(marts, "fct_opportunities")
    by_stage = Counter(deal["stage"] for deal in deals)
    for row in truth(folder, "opportunities_by_stage"):
        of_stage = [deal for deal in deals if deal["stage"] == row["stage"]]
        outcomes = {"won": row["is_won"] == "TRUE", "lost": row["stage"] == "Closed Lost"}
        expected = next((outcome for outcome, holds in outcomes.items() if holds), "open")
        assert {deal["outcome"] for deal in of_stage} == {expected}
        assert total(of_stage, "amount_original") == float(row["amount"])
        assert by_stage.pop(row["stage"]) == int(row["n"])
    assert not by_stage


def test_devorg_stage_paths_are_what_the_truth_says(shared: Find, build: Build) -> None:
    folder = shared("sf_devorg")
    visits = read_table(build(folder, AS_OF["sf_devorg"]), "fct_opportunity_stages")
    assert not any(visit["is_inferred"] for visit in visits)
    for row in truth(folder, "history_per_opportunity"):
        own = [visit for visit in visits if visit["opportunity_id"].endswith(row["opportunity_id"])]
        assert sorted(visit["stage"] for visit in own) == sorted(row["path"].split(" > "))


def test_devorg_leads_are_what_the_truth_says(shared: Find, build: Build) -> None:
    folder = shared("sf_devorg")
    leads = read_table(build(folder, AS_OF["sf_devorg"]), "fct_leads")
    for row in truth(folder, "leads_by_source"):
        own = [lead for lead in leads if lead["source_raw"] == row["lead_source"]]
        assert len(own) == int(row["leads"])
        assert sum(lead["opportunity_id"] is not None for lead in own) == int(
            row["with_opportunity"]
        )
        assert sum(lead["outcome"] == "won" for lead in own) == int(row["won"])
    assert {lead["created_month"] for lead in leads} == {None}


@pytest.mark.slow
def test_workshop_is_what_the_truth_says(shared: Find, build: Build) -> None:
    folder = shared("sf_datacloud_workshop")
    marts = build(folder, AS_OF["sf_datacloud_workshop"])
    leads = Counter(lead["source_raw"] for lead in read_table(marts, "fct_leads"))
    assert leads == {
        row["leadsource"]: int(row["n"]) for row in truth(folder, "leads_by_leadsource")
    }
    deals = read_table(marts, "fct_opportunities")
    for row in truth(folder, "opportunities_by_stage"):
        of_stage = [deal for deal in deals if deal["stage"] == row["stage"]]
        assert len(of_stage) == int(row["n"])
        assert total(of_stage, "amount") == pytest.approx(float(row["amount"]))


@pytest.mark.slow
def test_deleted_opportunities_are_accounted_for(shared: Find, build: Build) -> None:
    folder = shared("fivetran_salesforce")
    marts = build(folder, AS_OF["fivetran_salesforce"])
    known = truth(folder, "opportunities_overall")[0]
    rows: dict[str, Any] = {row["raw_table"]: row for row in read_table(marts, "row_accounting")}
    assert rows["opportunity"]["raw_rows"] == int(known["n"])
    assert rows["opportunity"]["excluded_rows"] == int(known["deleted"])
    assert read_table(marts, "fct_opportunities") == []
