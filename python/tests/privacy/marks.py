"""Looking for marks wherever something was left."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from leadsignal import warehouse

from .planted_crms import PATTERN

_TEXT, _BYTES = re.compile(PATTERN, re.IGNORECASE), re.compile(PATTERN.encode(), re.IGNORECASE)


def in_text(text: str | bytes) -> set[str]:
    """The marks in a text."""
    found = _BYTES.findall(text) if isinstance(text, bytes) else _TEXT.findall(text)
    return {(one.decode() if isinstance(one, bytes) else one).lower() for one in found}


def in_files(folder: Path) -> dict[str, set[str]]:
    """Path of each file that has marks in its bytes -> those."""
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    found = {str(file.relative_to(folder)): in_text(file.read_bytes()) for file in files}
    return {name: marks for name, marks in found.items() if marks}


def in_tables(published: Path) -> list[str]:
    """`table.column: value` of each value with a mark, whatever its type and compression."""
    con = warehouse.open_published(published)
    try:
        return [
            f"{table}.{column}: {value}"
            for table, column in _columns(con)
            for (value,) in con.execute(
                f'select distinct cast("{column}" as varchar) as text_of_it from "{table}"'
                " where regexp_matches(lower(text_of_it), ?)",
                [PATTERN],
            ).fetchall()
        ]
    finally:
        con.close()


def _columns(con: object) -> Iterator[tuple[str, str]]:
    yield from con.execute(  # type: ignore[attr-defined]
        "select table_name, column_name from information_schema.columns"
        " where table_schema = 'marts' and table_catalog = current_database()"
    ).fetchall()
