"""Rows of the raw files that are of a person: by an address in any column, or by an id."""

import csv
import gzip
import sys
from collections.abc import Iterator, Mapping, Sequence
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
from leadsignal.settings import ENCODINGS, Settings

PERSONS = ("id", "same", "of", "of_lead", "named")
"""Columns with the id of one person, as the sources' YAML says (meta `person`)."""
_KEYS = ("id", "vid", "hsobjectid", "activityid")
"""Columns that a row is called by, the first that it has; `lead_id` of the generic leads too."""


def rows(settings: Settings, needles: Needles) -> Iterator[RawRow]:
    """The rows, file by file. Raises BuildFailed when a file cannot be read to its end."""
    known = layouts(settings.project_dir, settings.variables)
    tables = tables_of_folders(settings.raw, settings.crms)
    of_crms = layouts_of_crms(tables, settings.crms, known)
    for crm in tables:
        for table, files in files_by_table(settings.raw / crm).items():
            names = id_columns(known.get(of_crms.get(crm, "")), table)
            for file in files:
                yield from _of_file(file, names, ids_of(crm, needles), needles.address, settings)


def ids_of(crm: str, needles: Needles) -> set[str]:
    """The ids that a CRM's own tables have, without the CRM's name; short Salesforce ones too."""
    bare = {one.removeprefix(f"{crm}:") for one in needles.ids if one.startswith(f"{crm}:")}
    return bare | {one[:15] for one in bare if len(one) == 18}


def id_columns(layout: RawLayout | None, table: str) -> set[str]:
    """Normalised names of a table's columns with ids of persons."""
    return {
        name
        for spec in (layout.tables if layout else ())
        if table in names_of_table(spec)
        for column in spec["columns"]
        if meta(column).get("person") in PERSONS
        for name in names_of_column(column, layout)  # type: ignore[arg-type]
    }


def row_named(row: Mapping[str, str | None], number: int | None = None) -> str:
    """How a row is found again: by its id, else by its number in the file."""
    by_name = {normal_column(name): value for name, value in row.items()}
    keys = _KEYS if "contactid" in by_name else (*_KEYS, "leadid")
    found = next((by_name[name] for name in keys if by_name.get(name)), None)
    if found:
        return f"id {found}"
    return f"row {number}" if number else "a row without an id"


def is_of(row: Mapping[str, str | None], address: str, names: set[str], ids: set[str]) -> bool:
    """Whether the address stands in any cell, or one of the ids in a column with such a name."""
    if address and any(address in (cell or "").lower() for cell in row.values()):
        return True
    return any(
        (cell or "").strip().removesuffix(".0") in ids and normal_column(name) in names
        for name, cell in row.items()
    )


def _of_file(
    file: Path, names: set[str], ids: set[str], address: str, settings: Settings
) -> Iterator[RawRow]:
    try:
        for number, row in enumerate(_read(file, settings.encoding), start=2):
            if is_of(row, address, names, ids):
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
