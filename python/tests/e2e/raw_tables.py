"""Raw tables of any layout as CSV files."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

RawRow = dict[str, str]
RawCrm = dict[str, list[RawRow]]


def write_tables(folder: Path, crm: RawCrm, missing: Iterable[str] = ()) -> None:
    """Write `<folder>/<table>.csv`, each with every column that one of its rows has.

    Args:
        folder: made here.
        crm: table -> rows as column -> text. A table without rows is not written.
        missing: tables, or `table.column`, that are left out.
    """
    folder.mkdir(parents=True)
    for table, rows in crm.items():
        columns = dict.fromkeys(column for row in rows for column in row)
        kept = [column for column in columns if f"{table}.{column}" not in missing]
        if kept and table not in missing:
            with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(kept)
                writer.writerows([[row.get(column, "") for column in kept] for row in rows])
