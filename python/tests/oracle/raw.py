"""Raw rows: which tables and columns are found, whatever the loader named them."""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import time
from pathlib import Path
from typing import Any

from . import raw_salesforce_tables, values
from .settings import Settings
from .tables import BOOKKEEPING, Table, normalised

Row = dict[str, Any]
RawTables = Mapping[str, Iterable[Mapping[str, str]]]

READERS: dict[str, Callable[[str | None], Any]] = {
    "text": values.text,
    "id": values.identifier,
    "picklist": values.picked,
    "label": values.named,
    "company": values.company,
    "time": values.time,
    "date or time": values.time,
    "day": values.day,
    "month": values.month,
    "number": values.number,
    "flag": values.flag,
    "record": values.record_kind,
    "load": values.load_time,
    "typed_email": values.typed_email,
}
# Columns of Salesforce's tables, as those who write such tables know them.
TABLES = {name: table.columns for name, table in raw_salesforce_tables.TABLES.items()}
MIDNIGHT = time()
PREFIXES = ("property_", "properties_")


def read_folder(folder: Path) -> dict[str, list[dict[str, str]]]:
    """The CSV files of one CRM (.csv or .csv.gz): table -> rows as column -> text."""
    tables: dict[str, list[dict[str, str]]] = {}
    for path in sorted(folder.iterdir()):
        if path.name.lower().endswith((".csv", ".csv.gz")):
            opener = gzip.open if path.suffix == ".gz" else open
            with opener(path, "rt", encoding="utf-8-sig", newline="") as file:
                reader = csv.DictReader(file)
                name = path.name.removesuffix(".gz")[: -len(".csv")]
                tables[name] = [dict.fromkeys(reader.fieldnames or [], ""), *reader]
    return tables


class Crm:
    """The raw tables of one CRM with typed rows; a table that is not there is empty.

    Args:
        name: the folder or schema, first part of every key.
        tables: table -> rows as column -> text. `read_folder` puts a row of empty cells first,
            which carries the header and is dropped here.
        specs: the tables of the layout.
        fields: custom columns under other names.
    """

    def __init__(
        self,
        name: str,
        tables: RawTables,
        specs: Mapping[str, Table],
        fields: Mapping[str, str],
        settings: Settings,
    ) -> None:
        self.name = name
        self.settings = settings
        self.specs = specs
        self.columns: dict[str, set[str]] = {}
        self.rows: dict[str, list[Row]] = {table: [] for table in specs}
        self.forgotten: dict[str, list[Row]] = {table: [] for table in specs}
        found = {normalised(table): list(rows) for table, rows in tables.items()}
        for table, spec in specs.items():
            for known in (normalised(table), *spec.names):
                if known in found:
                    self._read(table, spec, found[known], fields)
                    break

    def used(self, table: str) -> list[Row]:
        """The rows of a table that count."""
        return [row for row in self.rows[table] if row["row_status"] == "used"]

    def used_or_later(self, table: str) -> list[Row]:
        """The rows that count, now or after as_of."""
        return [
            row
            for row in self.rows[table]
            if row["row_status"] == "used" or row["row_reason"] == "after_as_of"
        ]

    def key(self, plain: str | None) -> str | None:
        """The key of a raw id."""
        return f"{self.name}:{plain}" if plain else None

    def _read(
        self,
        table: str,
        spec: Table,
        rows: list[Mapping[str, str]],
        fields: Mapping[str, str],
    ) -> None:
        header = _header(list(rows[0]) if rows else [])
        wanted = {**spec.columns, **{name: BOOKKEEPING[name] for name in BOOKKEEPING}}
        names = {
            column: [
                header[known]
                for known in (normalised(fields.get(column, column)), *spec.also.get(column, ()))
                if known in header
            ]
            for column in wanted
        }
        self.columns[table] = {column for column, found in names.items() if found}
        dates = _stage_date_columns(spec, header)
        for order, cells in enumerate(rows[1:]):
            row: Row = {"crm": self.name, "table": table, "order": order}
            for column, kind in wanted.items():
                readings = (self._value(kind, cells.get(name)) for name in names[column])
                row[column] = next((value for value in readings if value is not None), None)
            texts = (values.text(cells.get(name)) for name in names.get(spec.dated_by or "", []))
            row["date_text"] = next((text for text in texts if text), None)
            moments = [
                (*date, self._value("time", cells.get(name))) for name, date in dates.items()
            ]
            row["stage_dates"] = [moment for moment in moments if moment[-1] is not None]
            self.rows[table].append(row)

    def _value(self, kind: str, cell: str | None) -> Any:
        if kind == "key":
            return self.key(values.identifier(cell))
        value = READERS[kind](cell)
        is_day = kind == "time" and values.is_only_a_day(cell)
        if value is not None and (is_day or (kind == "date or time" and value.time() == MIDNIGHT)):
            return self.settings.start_of(value.date())
        return value


def _header(names: list[str]) -> dict[str, str]:
    """Normalised name -> column as it is spelled; a bare name wins over a prefixed one."""
    found: dict[str, str] = {}
    prefixed: dict[str, str] = {}
    for name in names:
        plain = re.sub(r"__value(__double|__string)?$", "", name.strip().lower())
        prefix = next((one for one in PREFIXES if plain.startswith(one) and plain != one), "")
        (prefixed if prefix else found).setdefault(normalised(plain.removeprefix(prefix)), name)
    return prefixed | found


def _stage_date_columns(spec: Table, header: Mapping[str, str]) -> dict[str, tuple[str, int]]:
    """Column -> stage in its name, and the place of its kind among `stage_dates`."""
    found = {}
    for generation, (beginning, end) in enumerate(spec.stage_dates, start=1):
        for known, name in header.items():
            stage = known.removeprefix(beginning).removesuffix(end)
            is_one = known.startswith(beginning) and known.endswith(end) and stage
            if is_one and stage != "currentstage":
                found[name] = (stage, generation)
    return found
