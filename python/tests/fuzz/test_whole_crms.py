"""Whole CRMs in which one cell in twenty is odd: every published cell is that of the second road.

Merges point at themselves, in circles and at nothing; rows stand twice; ids are anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from random import Random

import pytest
from builds import read_table
from conftest import Build
from e2e.batches import Batch, draw_crms, write_batch
from e2e.both_crms import generic_and_hubspot
from e2e.compare import assert_same
from e2e.layout_batches import LayoutBatch
from e2e.layout_batches import draw as draw_layouts
from e2e.layout_batches import write_batch as write_layouts
from e2e.raw_tables import RawCrm, RawRow
from oracle import raw_generic, raw_hubspot_tables, raw_salesforce_tables, run_folder
from oracle.tables import Table

from . import odd
from .scale import MANY

pytestmark = pytest.mark.slow
POOLS = {
    "time": odd.DATES,
    "day": odd.DATES,
    "number": odd.NUMBERS,
    "flag": odd.FLAGS,
    "key": odd.IDS,
}
POOLS |= {"flag": odd.FLAGS, "key": odd.IDS}
SPECS = {"generic": raw_generic.TABLES, "hubspot": raw_hubspot_tables.TABLES}
NUMBERS = range(200, 206 if MANY else 201)


def spoiled(crm: RawCrm, specs: Mapping[str, Table], random: Random) -> RawCrm:
    """The CRM with odd cells, rows that stand twice, and merges in circles."""
    made: RawCrm = {}
    for table, rows in crm.items():
        kinds = specs[table].columns if table in specs else {}
        made[table] = [_spoiled_row(row, kinds, random) for row in rows]
        made[table] += [dict(row) for row in made[table] if not random.randrange(15)]
        if merged_by := specs[table].merged_by if table in specs else None:
            ids = [row["id"] for row in rows] or [""]
            for row in made[table]:
                if merged_by in row and not random.randrange(6):
                    row[merged_by] = random.choice([row["id"], *ids, "nowhere"])
    return made


def _spoiled_row(row: RawRow, kinds: Mapping[str, str], random: Random) -> RawRow:
    made = dict(row)
    for column, kind in kinds.items():
        if column in made and not random.randrange(20):
            made[column] = random.choice(POOLS.get(kind, odd.TEXTS))
    return made


def assert_conserved(marts: Path) -> None:
    for row in read_table(marts, "row_accounting"):
        fates = ("used_rows", "merged_rows", "excluded_rows", "quarantined_rows")
        assert row["raw_rows"] == sum(row[fate] for fate in fates), row


@pytest.mark.parametrize("number", NUMBERS)
def test_salesforce_with_odd_cells(number: int, build: Build, tmp_path: Path) -> None:
    random = Random(number)
    batch = Batch("odd", "2026-07-20")
    drawn = [spoiled(crm, raw_salesforce_tables.TABLES, random) for crm in draw_crms(number, 40)]
    write_batch(tmp_path / "raw", drawn, batch)
    marts = build(tmp_path / "raw", batch.as_of, batch.dbt_variables)
    assert_conserved(marts)
    assert_same(marts, run_folder(tmp_path / "raw", batch.settings))


@pytest.mark.parametrize("number", NUMBERS)
def test_other_layouts_with_odd_cells(number: int, build: Build, tmp_path: Path) -> None:
    random = Random(number)
    batch = LayoutBatch("odd", "2026-07-20", generic_and_hubspot())
    drawn = [
        {name: spoiled(crm, SPECS[name], random) for name, crm in crms.items()}
        for crms in draw_layouts(number, batch)
    ]
    write_layouts(tmp_path / "raw", drawn, batch)
    marts = build(tmp_path / "raw", batch.as_of, batch.dbt_variables)
    assert_conserved(marts)
    assert_same(marts, run_folder(tmp_path / "raw", batch.settings))
