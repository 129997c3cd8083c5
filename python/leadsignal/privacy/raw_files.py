"""Rows of the raw files that are of a person: by an address in any column, or by an id."""

import csv
import gzip
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import md5
from pathlib import Path
from typing import TextIO, cast

import duckdb

from leadsignal import warehouse
from leadsignal.errors import BuildFailed
from leadsignal.layouts import (
    RawLayout,
    files_by_table,
    layouts,
    layouts_of_crms,
    meta,
    names_of_column,
    names_of_table,
    normal_column,
    tables_of_folders,
)
from leadsignal.privacy.searching import Needles
from leadsignal.privacy.stores import RawRow
from leadsignal.privacy.suppression import Suppression
from leadsignal.settings import Settings
from leadsignal.variables import ENCODINGS

PERSONS = ("id", "same", "of", "of_lead", "named", "with")
"""Columns with one id that tells whose a row is, as the sources' YAML says (meta `person`)."""
ADDRESSES = re.compile(r"[^\s@,;:<>()\"']+@[\w.-]+\w")
_KEYS = ("id", "vid", "hsobjectid", "activityid")
"""Columns that a row is called by, the first that it has; `lead_id` of the generic leads too."""


@dataclass(frozen=True)
class Search:
    """What makes a row of one raw table a person's."""

    crm: str
    columns: Mapping[str, str]
    """Normalised name of a column with ids -> what stands before them on the list."""
    needles: Needles
    listed: Suppression

    def is_of(self, row: Mapping[str, str | None]) -> bool:
        """Whether the address stands in any cell, or an id of theirs in its column."""
        if any(self._is_addressed(cell.lower()) for cell in row.values() if cell and "@" in cell):
            return True
        return any(
            self._is_theirs(kind, (cell or "").strip().removesuffix(".0"))
            for name, cell in row.items()
            if cell and (kind := self.columns.get(normal_column(name)))
        )

    def _is_addressed(self, cell: str) -> bool:
        """Whether it holds the address, or one whose hash is on the list."""
        return bool(re.search(self.needles.folded, cell)) or any(
            self.listed.hash(f"address:{found}") in self.listed.days
            for found in ADDRESSES.findall(cell)
        )

    def _is_theirs(self, kind: str, cell: str) -> bool:
        # Where ids are addresses, the list has the pseudonym (macros/rules/business_text.sql).
        pseudonym = f"id-{md5(cell.encode(), usedforsecurity=False).hexdigest()[:16]}"
        for known in (cell, pseudonym) if "@" in cell else (cell,):
            if self.listed.hash(f"{kind}:{self.crm}:{known}") in self.listed.days:
                return True
        # An export by hand has the first 15 characters of a Salesforce id.
        return len(cell) == 15 and any(
            one.startswith(f"{self.crm}:{cell}") and len(one) == len(self.crm) + 19
            for one in self.needles.ids
        )


def rows(settings: Settings, needles: Needles, listed: Suppression) -> Iterator[RawRow]:
    """The rows, file by file. Raises BuildFailed when a file cannot be read to its end."""
    known = layouts(settings.project_dir, settings.variables)
    tables = tables_of_folders(settings.raw, settings.crms)
    of_crms = layouts_of_crms(tables, settings.crms, known)
    for crm in tables:
        for table, files in files_by_table(settings.raw / crm).items():
            columns = id_columns(known.get(of_crms.get(crm, "")), table)
            for file in files:
                yield from _of_file(file, Search(crm, columns, needles, listed), settings)


def id_columns(layout: RawLayout | None, table: str) -> dict[str, str]:
    """`Search.columns` of a table, whose name is normalised."""
    return {
        name: meta(column).get("held_as", "id")
        for spec in (layout.tables if layout else ())
        if table in names_of_table(spec)
        for column in spec["columns"]
        if meta(column).get("person") in PERSONS
        for name in names_of_column(column, cast("RawLayout", layout))
    }


def row_named(row: Mapping[str, str | None], number: int | None = None) -> str:
    """How a row is found again: by its id, else by those it ties together, else by its number."""
    by_name = {normal_column(name): value for name, value in row.items()}
    keys = _KEYS if "contactid" in by_name else (*_KEYS, "leadid")
    found = next((by_name[name] for name in keys if by_name.get(name)), None)
    if found:
        return f"id {found}"
    tied = [f"{name} {value}" for name, value in row.items() if value and _is_id(name)]
    if tied:
        return " with ".join(tied)
    return f"row {number}" if number else "a row without an id"


def _is_id(name: str) -> bool:
    return normal_column(name).endswith("id")


def _of_file(file: Path, search: Search, settings: Settings) -> Iterator[RawRow]:
    try:
        for number, row in enumerate(_read(file, settings.encoding), start=2):
            if search.is_of(row):
                yield RawRow(str(file), row_named(row, number))
    except (OSError, EOFError, UnicodeError, csv.Error, duckdb.Error) as error:
        raise BuildFailed(
            f"{file} cannot be read to its end: {' '.join(str(error).split())}.",
            "Export it again, and run the command again: nothing is said of what was not read.",
        ) from error


def _read(file: Path, encoding: str) -> Iterator[Mapping[str, str | None]]:
    if file.name.lower().endswith(".parquet"):
        yield from _parquet(file)
        return
    csv.field_size_limit(sys.maxsize)
    opener = gzip.open if file.name.lower().endswith(".gz") else open
    with opener(file, "rt", encoding=ENCODINGS[encoding], newline="") as text:
        header: Sequence[str] = []
        for row in csv.reader(cast("TextIO", text)):
            if not header:
                header = row
            else:
                yield dict(zip(header, row, strict=False))


def _parquet(file: Path) -> Iterator[Mapping[str, str | None]]:
    with duckdb.connect() as con:
        source = f"read_parquet({warehouse.quoted(file)})"
        found = con.execute(f"select columns(*)::varchar from {source}")
        names = [column[0] for column in found.description or ()]
        while batch := found.fetchmany(10_000):
            yield from (dict(zip(names, row, strict=True)) for row in batch)
