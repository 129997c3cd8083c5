"""Two builds for all pitfalls: as shipped, and with settings and definitions that were changed."""

from __future__ import annotations

import csv
import os
import shutil
from importlib import import_module
from pathlib import Path
from typing import Any

import duckdb
import pytest
from builds import ROOT
from conftest import Build
from filelock import FileLock
from leadsignal import audit

from .small_crms import AS_OF, CHANGED, SHIPPED, Published

SETTINGS: dict[str, Any] = {
    "reporting_timezone": "America/New_York",
    "merge_plus_addresses": True,
    "encoding": "latin-1",
    # No raw table has such a column.
    "salesforce_fields": {"lead_score_c": "Scoer__c"},
}
MORE_DEFINITIONS = {
    "holidays": [{"holiday_on": "2026-05-25", "name": "Memorial Day"}],
    # The status was renamed: until July it meant that sales took the lead, then that it waits.
    "lead_statuses": [
        {"raw_value": "Ready", "stage": "accepted", "valid_to": "2026-07-01"},
        {"raw_value": "Ready", "stage": "handed_over", "valid_from": "2026-07-01"},
    ],
    "opportunity_stages": [
        {"raw_value": "Pilot", "stage_order": "2", "is_closed": "false", "is_won": "false"}
        | {"valid_to": "2026-06-01"},
        {"raw_value": "Pilot", "stage_order": "12", "is_closed": "true", "is_won": "true"}
        | {"valid_from": "2026-06-01"},
    ],
}

GONE = {
    "fct_leads": ["salesforce:gone", "salesforce_merged:00Q2", "salesforce_deleted:00Q1"],
    "fct_opportunities": ["hubspot:gone", "hubspot_merged_deals:1302", "salesforce_deleted:0062"],
}

# What the modules say of the raw data has to be known before the first build.
for module in sorted(Path(__file__).parent.glob("test_*.py")):
    import_module(f"{__package__}.{module.stem}")


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of all test processes: both builds happen once, whoever asks first."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "pitfalls"
    with FileLock(folder.with_suffix(".lock")):
        if not folder.exists():
            SHIPPED.write(folder / "shipped")
            CHANGED.write(folder / "changed")
            _changed_project(folder / "project")
    return folder


@pytest.fixture(scope="session")
def shipped(build: Build, place: Path) -> Published:
    """The tables of SHIPPED."""
    return Published(build(place / "shipped", AS_OF))


@pytest.fixture(scope="session")
def changed(build: Build, place: Path) -> Published:
    """The tables of CHANGED, with SETTINGS and MORE_DEFINITIONS."""
    return Published(build(place / "changed", AS_OF, SETTINGS, place / "project"))


@pytest.fixture(scope="session")
def audited(shipped: Published, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with audit.json and audit.html of SHIPPED, compared with a set published before.

    There the leads and deals of GONE were published, and no others.
    """
    out = tmp_path_factory.mktemp("audit")
    before = Path(shutil.copy(shipped.marts, out / "before.duckdb"))
    with duckdb.connect(str(before)) as con:
        for table, key in (("fct_leads", "lead_id"), ("fct_opportunities", "opportunity_id")):
            con.execute(f"create temp table one_row as select * from marts.{table} limit 1")
            con.execute(f"delete from marts.{table}")
            for record in GONE[table]:
                added = f"select * replace ('{record}' as {key}) from one_row"
                con.execute(f"insert into marts.{table} {added}")
            con.execute("drop table one_row")
    audit.run(shipped.marts, out, previous=before)
    return out


def _changed_project(folder: Path) -> None:
    for name in ("models", "macros", "seeds", "tests"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("dbt_project.yml", "profiles.yml"):
        shutil.copy(ROOT / name, folder / name)
    for seed, rows in MORE_DEFINITIONS.items():
        file = folder / "seeds" / "definition" / f"{seed}.csv"
        with file.open(encoding="utf-8", newline="") as stream:
            columns = next(csv.reader(stream))
        with file.open("a", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, columns, restval="", lineterminator="\n")
            writer.writerows(rows)
