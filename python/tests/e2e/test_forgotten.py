"""Forgotten persons and retention on random CRMs: models, oracle, and a CRM without them."""

from __future__ import annotations

import csv
import random
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest
from builds import read_table
from conftest import Build
from homes.comparing import assert_same as assert_same_sets
from leadsignal.privacy import suppression
from leadsignal.privacy.suppression import Suppression
from oracle import Settings, run_folder
from oracle.forgotten import forget
from oracle.layouts import layout_of, raw_crm
from oracle.raw import Crm, read_folder
from oracle.tables import normalised

from . import batches, layout_batches
from .batches import Batch
from .compare import assert_same
from .layout_batches import LayoutBatch
from .test_random_crms import BATCHES as SALESFORCE
from .test_random_layouts import BATCHES as LAYOUTS

pytestmark = pytest.mark.slow
BATCHES: dict[str, tuple[int, Batch | LayoutBatch]] = {
    batch.name: (number, batch) for number, batch in [*enumerate(SALESFORCE), *LAYOUTS.items()]
}
WHO_SAYS = ("id", "email", "lead_id", "vid", "property_email", "properties_email")
"""Columns, in any spelling, that tables of persons have."""
OF_PERSONS = ("lead", "leads", "contact", "contacts")


def write(folder: Path, name: str) -> Batch | LayoutBatch:
    """The CRMs of a batch, written to the folder."""
    number, batch = BATCHES[name]
    if isinstance(batch, LayoutBatch):
        layout_batches.write_batch(folder, layout_batches.draw(number, batch), batch)
    else:
        batches.write_batch(folder, batches.draw_crms(number, batch.examples), batch)
    return batch


def some_persons(raw: Path) -> tuple[str, ...]:
    """A dozen addresses and ids of each CRM."""
    dice, asked = random.Random(7), set()
    for crm in sorted(place for place in raw.iterdir()):
        for name, rows in read_folder(crm).items():
            if normalised(name) in OF_PERSONS:
                for column in WHO_SAYS:
                    found = {
                        cell.strip()
                        for row in rows
                        for spelt, cell in row.items()
                        if normalised(spelt) == normalised(column) and cell.strip()
                    }
                    for cell in dice.sample(sorted(found), min(len(found), 12)):
                        asked.add(cell.lower() if "@" in cell else f"{crm.name}:{cell}")
    return tuple(sorted(asked))


def put_on_list(file: Path, asked: tuple[str, ...]) -> None:
    empty = Suppression()
    told = (f"address:{one}" if "@" in one else f"id:{one}" for one in asked)
    suppression.write(empty.added(map(empty.hash, told), date(2026, 11, 1)), file)


def write_without(raw: Path, folder: Path, settings: Settings) -> int:
    """The raw folder without the rows of the forgotten; how many rows those are."""
    found = []
    for place in sorted(raw.iterdir()):
        tables = read_folder(place)
        layout = layout_of(place.name, tables, settings)
        assert layout
        found.append((raw_crm(place.name, tables, layout, settings), layout.name))
    forget(found, settings)
    return sum(_write_crm(raw / crm.name, folder / crm.name, crm) for crm, _ in found)


def _write_crm(place: Path, folder: Path, crm: Crm) -> int:
    folder.mkdir(parents=True)
    gone = {
        known: {row["order"] for row in crm.forgotten[table]}
        for table, spec in crm.specs.items()
        for known in (normalised(table), *spec.names)
    }
    removed = 0
    for name, rows in read_folder(place).items():
        out = gone.get(normalised(name), set())
        removed += len(out)
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(row for order, row in enumerate(rows[1:]) if order not in out)
    return removed


@pytest.mark.parametrize(
    ("name", "months"),
    [
        ("everything", 0),
        ("hubspot_with_everything", 3),
        ("hubspot_by_airbyte_beside_a_generic_crm_in_kolkata", 0),
        ("two_orgs_and_a_portal_in_sydney", 2),
    ],
)
def test_models_and_oracle_agree_on_who_is_left(
    name: str, months: int, build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = write(tmp_path / "raw", name)
    asked = some_persons(tmp_path / "raw")
    put_on_list(tmp_path / "forgotten.csv", asked)
    monkeypatch.setenv("LEADSIGNAL_FORGOTTEN", str(tmp_path / "forgotten.csv"))
    variables = batch.dbt_variables | {"retention_months": months}
    marts = build(tmp_path / "raw", batch.as_of, variables)
    settings = replace(batch.settings, forgotten=asked, retention_months=months)
    assert_same(marts, run_folder(tmp_path / "raw", settings))
    rows = read_table(marts, "row_accounting")
    assert sum(row["forgotten_rows"] for row in rows) > 50
    assert not months or sum(row["past_retention_rows"] for row in rows) > 5


@pytest.mark.parametrize("name", ["everything", "two_orgs_and_a_portal_in_sydney"])
def test_set_is_that_of_a_crm_that_never_had_them(
    name: str, build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = write(tmp_path / "raw", name)
    asked = some_persons(tmp_path / "raw")
    settings = replace(batch.settings, forgotten=asked)
    assert write_without(tmp_path / "raw", tmp_path / "without", settings) > 50
    expected = build(tmp_path / "without", batch.as_of, batch.dbt_variables)
    put_on_list(tmp_path / "forgotten.csv", asked)
    monkeypatch.setenv("LEADSIGNAL_FORGOTTEN", str(tmp_path / "forgotten.csv"))
    made = build(tmp_path / "raw", batch.as_of, batch.dbt_variables)
    for file in (expected, made):
        with duckdb.connect(file) as con:
            con.execute("drop table marts.row_accounting")
    assert assert_same_sets(expected, made) > 2_000


def test_dbt_alone_knows_who_was_forgotten_in_a_warehouse_elsewhere(
    build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list is where `forget` wrote it, wherever dbt works."""
    batch = write(tmp_path / "raw", "everything")
    (tmp_path / "moved").mkdir()
    put_on_list(tmp_path / "moved" / "forgotten.csv", some_persons(tmp_path / "raw"))
    monkeypatch.delenv("LEADSIGNAL_FORGOTTEN", raising=False)
    monkeypatch.setenv("LEADSIGNAL_WAREHOUSE", str(tmp_path / "moved"))
    marts = build(tmp_path / "raw", batch.as_of, batch.dbt_variables)
    rows = read_table(marts, "row_accounting")
    assert sum(row["forgotten_rows"] for row in rows) > 50


def test_no_table_has_leads_or_closed_deals_past_retention(build: Build, tmp_path: Path) -> None:
    batch = write(tmp_path / "raw", "everything")
    variables = batch.dbt_variables | {"retention_months": 2}
    marts = build(tmp_path / "raw", batch.as_of, variables)
    first = replace(batch.settings, retention_months=2).first_kept_day
    leads = read_table(marts, "fct_leads")
    assert leads
    assert all(row["created_on"] is None or row["created_on"] >= first for row in leads)
    kept = {row["lead_id"] for row in leads} | {None}
    for table in ("fct_lead_stages", "fct_lead_verdicts", "fct_responses", "fct_touches"):
        assert {row["lead_id"] for row in read_table(marts, table)} <= kept
    deals = read_table(marts, "fct_opportunities")
    assert {row["lead_id"] for row in deals} <= kept
    assert all(row["closed_on"] is None or row["closed_on"] >= first for row in deals)
    there = {row["opportunity_id"] for row in deals} | {None}
    for table in ("fct_opportunity_stages", "fct_touches", "engaged_untied_contacts"):
        assert {row["opportunity_id"] for row in read_table(marts, table)} <= there
    months = [row["created_month"] for row in read_table(marts, "lead_quality_by_source")]
    assert min(month for month in months if month) >= first.replace(day=1)
    for row in read_table(marts, "row_accounting"):
        kinds = ("used_rows", "merged_rows", "excluded_rows", "quarantined_rows")
        assert sum(row[kind] for kind in kinds) == row["raw_rows"]
        assert row["past_retention_rows"] <= row["excluded_rows"]
