"""Make a difference between models and oracle small: `python -m e2e.shrink BATCH [NUMBER [TEXT]]`.

Without a number it lists the CRMs of the batch that differ. With one it removes rows and
empties cells as long as a line of that CRM with the text differs, many tries in one dbt build, and
prints what is left. A batch is named by the beginning of its name.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from builds import run_dbt
from oracle import run_folder

from . import batches, layout_batches
from .batches import Batch
from .compare import differences
from .layout_batches import LayoutBatch
from .raw_tables import RawCrm
from .test_random_crms import BATCHES as SALESFORCE_BATCHES
from .test_random_layouts import BATCHES as LAYOUT_BATCHES

TRIES_AT_ONCE = 150
Crms = dict[str, RawCrm]  # CRM -> its tables


def drawn_of(name: str) -> tuple[list[Crms], Batch | LayoutBatch]:
    """What a batch draws, and the batch."""
    for number, batch in enumerate(SALESFORCE_BATCHES):
        if batch.name.startswith(name):
            drawn = batches.draw_crms(number, batch.examples)
            return [{"salesforce": crm} for crm in drawn], replace(batch, crms=("salesforce",))
    for number, other in LAYOUT_BATCHES.items():
        if other.name.startswith(name):
            return layout_batches.draw(number, other), other
    raise SystemExit(f"no batch begins with {name!r}")


def lines_of(drawn: list[Crms], batch: Batch | LayoutBatch, work: Path) -> dict[int, list[str]]:
    """Which of the CRMs differ: number -> lines of the fact tables that name it."""
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "raw"
        if isinstance(batch, LayoutBatch):
            layout_batches.write_batch(raw, drawn, batch)
        else:
            batches.write_batch(raw, [crms["salesforce"] for crms in drawn], batch)
        result = run_dbt(work, raw, batch.as_of, batch.dbt_variables)
        marts = work / "work_marts.duckdb"
        if not marts.exists():
            raise SystemExit(result.stdout)
        found = differences(marts, run_folder(raw, batch.settings))
    space = layout_batches.space if isinstance(batch, LayoutBatch) else batches.space
    numbers = {n: [line for line in found if space(n) in line] for n in range(len(drawn))}
    return {n: lines for n, lines in numbers.items() if lines}


def smaller(crms: Crms) -> Iterator[Crms]:
    """The CRMs without a half of a table, without one row, or with one cell emptied."""
    for name, crm in crms.items():
        for one in _smaller(crm):
            yield crms | {name: one}


def _smaller(crm: RawCrm) -> Iterator[RawCrm]:
    for table, rows in crm.items():
        half = len(rows) // 2
        for cut in (slice(0, None), slice(0, half), slice(half, None)):
            if len(rows) > 1:
                yield crm | {table: [row for row in rows if row not in rows[cut]]}
        for n in range(len(rows)):
            yield crm | {table: rows[:n] + rows[n + 1 :]}
    for table, rows in crm.items():
        for n, row in enumerate(rows):
            for column in [name for name, cell in row.items() if cell and name != "id"]:
                yield crm | {table: [*rows[:n], row | {column: ""}, *rows[n + 1 :]]}


def size(crms: Crms) -> int:
    tables = [rows for crm in crms.values() for rows in crm.values()]
    return sum(1 + sum(map(bool, row.values())) for rows in tables for row in rows)


def shrink(crms: Crms, wanted: str, batch: Batch | LayoutBatch, work: Path) -> Crms:
    """The smallest CRMs found that still differ in the wanted column (part of a line)."""
    while True:
        tries = sorted(smaller(crms), key=size)
        for start in range(0, len(tries), TRIES_AT_ONCE):
            some = tries[start : start + TRIES_AT_ONCE]
            found = lines_of(some, batch, work)
            failing = [n for n, lines in found.items() if any(wanted in line for line in lines)]
            if failing:
                crms = min((some[n] for n in failing), key=size)
                print(size(crms), end=" ", flush=True)
                break
        else:
            return crms


def main(name: str, number: str = "", wanted: str = "") -> None:
    """List what differs in a batch, or shrink one CRM of it."""
    drawn, batch = drawn_of(name)
    with tempfile.TemporaryDirectory() as work:
        if not number:
            for place, lines in lines_of(drawn, batch, Path(work)).items():
                print(place, *lines[:6], sep="\n", end="\n\n")
            return
        crms = shrink(drawn[int(number)], wanted, batch, Path(work))
        for crm_name, crm in crms.items():
            for table, rows in crm.items():
                for row in rows:
                    print(crm_name, table, {name: cell for name, cell in row.items() if cell})
        print("\n".join(lines_of([crms], batch, Path(work)).get(0, [])))


if __name__ == "__main__":
    main(*sys.argv[1:])
