"""Raw rows written beside the tests that need them; one dbt build reads them all."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
from builds import Row, read_table

RawRows = list[dict[str, str]]


class RawFolder:
    """The raw folder of one build: CRM -> table -> rows, told by many modules."""

    def __init__(self, encoding: str = "utf-8") -> None:
        self.encoding = encoding
        self.crms: dict[str, dict[str, RawRows]] = {}
        self.parquet: set[str] = set()

    def add(self, crm: str, *, parquet: bool = False, **tables: str | RawRows) -> None:
        """Rows of a CRM, each table as a grid of text (`id | status`, first line the columns).

        Blanks around a cell do not count, save inside quotes.
        What is said of one CRM in several places is put together. `parquet` writes the CRM in types
        that its values have, so that ids are numbers.
        """
        known = self.crms.setdefault(crm, {})
        for table, rows in tables.items():
            known.setdefault(table, []).extend(_rows(rows) if isinstance(rows, str) else rows)
            # A grid without rows is a table with a header and nothing below it.
            if isinstance(rows, str) and not _rows(rows):
                known[table].append(dict.fromkeys(_cells(rows.strip()), ""))
        if parquet:
            self.parquet.add(crm)

    def write(self, folder: Path) -> Path:
        """Write everything as `<folder>/<crm>/<table>.csv` (or .parquet); gives the folder."""
        for crm, tables in self.crms.items():
            (folder / crm).mkdir(parents=True)
            for table, rows in tables.items():
                file = folder / crm / f"{table}.csv"
                self._write(file, rows)
                if crm in self.parquet:
                    _to_parquet(file)
        return folder

    def _write(self, file: Path, rows: RawRows) -> None:
        columns = list(dict.fromkeys(column for row in rows for column in row))
        with file.open("w", encoding=self.encoding, newline="") as stream:
            writer = csv.DictWriter(stream, columns, restval="")
            writer.writeheader()
            writer.writerows(row for row in rows if any(row.values()))


SHIPPED = RawFolder()
"""Read with the settings and definitions as they are shipped."""
CHANGED = RawFolder(encoding="iso-8859-1")
"""Read with other settings and definitions; conftest.py says which."""
AS_OF = "2026-07-31"


@dataclass
class Published:
    """The tables of one build."""

    marts: Path

    def __post_init__(self) -> None:
        self._tables: dict[str, list[Row]] = {}

    def rows(self, table: str, crm: str | None = None, **wanted: object) -> list[Row]:
        """The rows with these values, of one CRM (told by `crm`, else by the first key)."""
        if table not in self._tables:
            self._tables[table] = read_table(self.marts, table)
        return [
            row
            for row in self._tables[table]
            if (crm is None or _crm_of(row) == crm)
            and all(row[name] == value for name, value in wanted.items())
        ]

    def row(self, table: str, crm: str | None = None, **wanted: object) -> Row:
        """The one row of the table that `rows` finds."""
        (row,) = self.rows(table, crm, **wanted)
        return row

    def lead(self, lead_id: str) -> Row:
        return self.row("fct_leads", lead_id=lead_id)

    def deal(self, opportunity_id: str) -> Row:
        return self.row("fct_opportunities", opportunity_id=opportunity_id)

    def leads(self, crm: str) -> set[str]:
        """The raw ids of a CRM's leads."""
        return {row["lead_id"].split(":")[1] for row in self.rows("fct_leads", crm)}

    def deals(self, crm: str) -> set[str]:
        """The raw ids of a CRM's deals."""
        return {row["opportunity_id"].split(":")[1] for row in self.rows("fct_opportunities", crm)}

    def fates(self, crm: str, raw_table: str) -> dict[str, int]:
        """What became of the rows of a raw table: used, merged, excluded, quarantined."""
        row = self.row("row_accounting", crm, raw_table=raw_table)
        return {
            fate: row[f"{fate}_rows"]
            for fate in ("used", "merged", "excluded", "quarantined")
            if row[f"{fate}_rows"]
        }


def _crm_of(row: Row) -> str:
    key = row.get("crm") or row.get("lead_id") or row.get("opportunity_id") or row["owner_id"]
    return str(key).partition(":")[0]


def _rows(grid: str) -> RawRows:
    lines = [line for line in grid.splitlines() if line.strip()]
    header = list(_cells(lines[0]))
    return [dict(zip(header, _cells(line), strict=True)) for line in lines[1:]]


def _cells(line: str) -> Iterator[str]:
    return (cell.strip().strip('"') for cell in line.split("|"))


def _to_parquet(file: Path) -> None:
    target = file.with_suffix(".parquet")
    with duckdb.connect() as connection:
        connection.execute(f"copy (from read_csv('{file}')) to '{target}' (format parquet)")
    file.unlink()
