"""Dates in raw CSV files that would be read as other days than they mean, or as none.

31/10/2026 is what a CRM exports for a British user. Such text is read month first, as that of an
American user is: 03/04 becomes a day of another month, and nothing else shows it.
"""

import csv
import gzip
import re
import zlib
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import TextIO

from leadsignal.findings import Finding
from leadsignal.layouts import (
    RawLayout,
    files_by_table,
    layouts,
    layouts_of_crms,
    names_of_column,
    names_of_table,
    normal_column,
    tables_of_folders,
)
from leadsignal.settings import Settings

_ROWS = 20_000
"""So many rows of a file are looked at; a file that is sorted may begin with days up to twelve."""
_HABIT = 0.25
"""Share of a column's dates: three of five days are after the twelfth, a typing error is rare."""
_DAY_FIRST = re.compile(
    r"((1[3-9]|2\d|3[01])/(0?[1-9]|1[0-2])/|(0?[1-9]|[12]\d|3[01])\.(0?[1-9]|1[0-2])\.)\d{2,4}\b"
)


def of_crms(settings: Settings) -> Iterator[Finding]:
    """A warning for each raw file whose dates would be misread; DuckDB alone reads files."""
    known = layouts(settings.project_dir, {})
    tables = tables_of_folders(settings.raw, settings.crms)
    for crm, layout in layouts_of_crms(tables, settings.crms, known).items():
        if layout in known:
            yield from check(settings.raw / crm, known[layout])


def check(folder: Path, layout: RawLayout) -> Iterator[Finding]:
    """A warning for each CSV file of a CRM that has the day before the month in its dates."""
    files = files_by_table(folder)
    for table in layout.tables:
        names = {
            name
            for column in table["columns"]
            if column["data_type"] in ("timestamp", "date")
            for name in names_of_column(column, layout)
        }
        for file in (file for name in names_of_table(table) for file in files.get(name, ())):
            if not file.name.lower().endswith(".parquet"):
                yield from _of_file(file, names)


def _of_file(file: Path, names: set[str]) -> Iterator[Finding]:
    for column, values in _columns(file, names).items():
        # Only the date of it: what stands behind may be anything.
        odd = [found[0] for found in map(_DAY_FIRST.match, values) if found]
        if odd and len(odd) >= _HABIT * len(values):
            yield Finding(
                "warning",
                f"{file} has the day first in {column}, such as {odd[0]}:"
                " that date is none, and a day up to 12 is taken for the month.",
                "Export it with dates like 2026-10-31.",
            )
            return


def _columns(file: Path, names: set[str]) -> dict[str, list[str]]:
    """The values, but empty ones, of the columns with these names; none of a file that is broken.

    Digits and slashes are the same in every encoding but UTF-16, whose files are not looked at.
    """
    opened: Callable[..., TextIO] = gzip.open if file.name.lower().endswith(".gz") else open
    try:
        with opened(file, "rt", encoding="utf-8-sig", errors="replace", newline="") as lines:
            rows = csv.reader(lines)
            header = next(rows, [])
            places = {name: at for at, name in enumerate(header) if normal_column(name) in names}
            first = list(islice(rows, _ROWS))
    except (OSError, EOFError, zlib.error, csv.Error):
        return {}
    return {
        name: [row[at].strip() for row in first if at < len(row) and row[at].strip()]
        for name, at in places.items()
    }
