"""Small raw tables for tests: only the cells that matter, one name space per CRM."""

from __future__ import annotations

from collections.abc import Callable

from .raw import RawTables, Row
from .run import Tables, run
from .settings import Settings

AS_OF = "2026-06-30"
Cells = dict[str, str]


def table(*rows: Cells) -> list[Cells]:
    """The rows with all columns of each other, behind the row that carries the header."""
    columns = dict.fromkeys([name for row in rows for name in row], "")
    return [columns, *(columns | row for row in rows)]


def lines(text: str) -> list[Cells]:
    """A table written as CSV without quotes: the header in the first line."""
    header, *rows = [
        [cell.strip() for cell in line.split(",")] for line in text.strip().splitlines()
    ]
    return table(*(dict(zip(header, row, strict=True)) for row in rows))


def tables_of(**crms: RawTables) -> Tables:
    """All tables of some CRMs, named by the beginning of their layout, at the end of June 2026."""
    return run(crms, Settings(AS_OF))


def by(tables: Tables, name: str, column: str) -> dict[str, Row]:
    """Rows of a table by the value of a column."""
    return {row[column]: row for row in tables[name]}


def visits(tables: Tables, name: str, column: str, one: str) -> list[str]:
    """The stages of one lead or deal, each with the day on which it was entered."""
    moment: Callable[[Row], str] = lambda row: f"{row['entered_at']:%m-%d}"  # noqa: E731
    return [f"{row['stage']} {moment(row)}" for row in tables[name] if row[column] == one]


def fates(tables: Tables) -> dict[tuple[str, str], str]:
    """CRM and raw table -> how many rows were used, merged, excluded and quarantined."""
    kinds = ("used", "merged", "excluded", "quarantined")
    return {
        (row["crm"], row["raw_table"]): " ".join(str(row[f"{kind}_rows"]) for kind in kinds)
        for row in tables["row_accounting"]
    }
