"""Make a difference between models and oracle small: `python -m e2e.shrink BATCH [SPACE]`.

Without a name space it lists the CRMs of the batch that differ. With one it removes rows and
empties cells as long as that CRM differs, many tries in one dbt build, and prints what is left.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from builds import run_dbt
from oracle import run_folder

from .batches import Batch, draw_crms, space, write_batch
from .compare import differences
from .raw_tables import RawCrm
from .test_random_crms import BATCHES

TRIES_AT_ONCE = 150


def lines_of(drawn: list[RawCrm], batch: Batch, work: Path) -> dict[int, list[str]]:
    """Which of the CRMs differ: number -> lines of the fact tables that name it."""
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "raw"
        write_batch(raw, drawn, batch)
        result = run_dbt(work, raw, batch.as_of, batch.dbt_variables)
        marts = work / "work_marts.duckdb"
        if not marts.exists():
            raise SystemExit(result.stdout)
        found = differences(marts, run_folder(raw, batch.settings))
    numbers = {n: [line for line in found if space(n) in line] for n in range(len(drawn))}
    return {n: lines for n, lines in numbers.items() if lines}


def smaller(crm: RawCrm) -> Iterator[RawCrm]:
    """The CRM without a half of a table, without one row, or with one cell emptied."""
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


def size(crm: RawCrm) -> int:
    return sum(1 + sum(map(bool, row.values())) for rows in crm.values() for row in rows)


def shrink(crm: RawCrm, wanted: str, batch: Batch, work: Path) -> RawCrm:
    """The smallest CRM found that still differs in the wanted column (part of a line)."""
    while True:
        tries = sorted(smaller(crm), key=size)
        for start in range(0, len(tries), TRIES_AT_ONCE):
            some = tries[start : start + TRIES_AT_ONCE]
            found = lines_of(some, batch, work)
            failing = [n for n, lines in found.items() if any(wanted in line for line in lines)]
            if failing:
                crm = min((some[n] for n in failing), key=size)
                print(size(crm), end=" ", flush=True)
                break
        else:
            return crm


def main(name: str, wanted_space: str = "", wanted: str = "") -> None:
    """List what differs in a batch, or shrink one CRM of it."""
    number, batch = next((n, one) for n, one in enumerate(BATCHES) if one.name.startswith(name))
    drawn = draw_crms(number, batch.examples)
    with tempfile.TemporaryDirectory() as work:
        if not wanted_space:
            for lines in lines_of(drawn, batch, Path(work)).values():
                print("\n".join(lines[:6]), end="\n\n")
            return
        alone = replace(batch, crms=("salesforce",))
        crm = shrink(drawn[int(wanted_space[1:])], wanted, alone, Path(work))
        for table, rows in crm.items():
            for row in rows:
                print(table, {column: cell for column, cell in row.items() if cell})
        print("\n".join(lines_of([crm], alone, Path(work)).get(0, [])))


if __name__ == "__main__":
    main(*sys.argv[1:])
