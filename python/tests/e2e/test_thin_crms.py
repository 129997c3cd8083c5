"""CRMs with next to nothing in them: the build is green, and a rate of nothing is NULL, not 0."""

from __future__ import annotations

from pathlib import Path

import pytest
from builds import read_table
from conftest import Build
from oracle import Settings, run_folder
from oracle.raw import TABLES
from oracle.tables import BOOKKEEPING

from .compare import KEYS, assert_same

pytestmark = pytest.mark.slow

AS_OF = "2026-06-30"
ONE_LEAD = "id,created_date,status\n00Q1,2026-06-01 10:00:00,New\n"
# Tables of what is read, asked and defined, whatever a CRM holds.
NEVER_EMPTY = ("row_accounting", "crm_trust", "dim_sources", "dim_dates")
RATES = ["icp_fit_rate", "sales_acceptance_rate", "follow_up_completion_rate", "win_rate"]
RATES += ["lead_to_opportunity_rate", "cost_per_opportunity", "cost_per_lead"]


def raw_folder(folder: Path, tables: dict[str, str]) -> Path:
    """Write table -> text of its CSV file."""
    crm = folder / "raw" / "salesforce"
    crm.mkdir(parents=True)
    for table, text in tables.items():
        (crm / f"{table}.csv").write_text(text, encoding="utf-8")
    return folder / "raw"


def headers_only() -> dict[str, str]:
    """Every table that is read, with all its columns and no row."""
    return {table: ",".join([*columns, *BOOKKEEPING]) + "\n" for table, columns in TABLES.items()}


def test_header_only_files(build: Build, tmp_path: Path) -> None:
    raw = raw_folder(tmp_path, headers_only())
    marts = build(raw, AS_OF)
    assert_same(marts, run_folder(raw, Settings(AS_OF)))
    for table in KEYS:
        assert table in NEVER_EMPTY or read_table(marts, table) == []


def test_one_lead_without_any_optional_table(build: Build, tmp_path: Path) -> None:
    raw = raw_folder(tmp_path, {"lead": ONE_LEAD})
    marts = build(raw, AS_OF)
    assert_same(marts, run_folder(raw, Settings(AS_OF)))
    (row,) = read_table(marts, "lead_quality_by_source")
    assert (row["leads"], row["opportunities"]) == (1, 0)
    expected = {"icp_fit_rate": 0.0}  # one lead, whose fit is unknown and counts against
    assert {rate: row[rate] for rate in RATES} == dict.fromkeys(RATES) | expected
