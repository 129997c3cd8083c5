"""Small raw CRM folders for tests, in the spellings and formats that loaders and exports use."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Sequence
from pathlib import Path

import duckdb
from leadsignal.warehouse import quoted


def write_csv(file: Path, header: str, *rows: Sequence[str | None]) -> None:
    """Write a CSV (gzipped when the name ends in .gz); `header` is comma-separated."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([header.split(","), *rows])
    write_text(file, text.getvalue())


def write_text(file: Path, text: str) -> None:
    """Write a file as it stands (gzipped when the name ends in .gz); makes its folder."""
    file.parent.mkdir(parents=True, exist_ok=True)
    content = text.encode()
    file.write_bytes(gzip.compress(content) if file.suffix == ".gz" else content)


def write_parquet(file: Path, select: str) -> None:
    """Write the rows of a SELECT to Parquet with the native types it has."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'America/New_York'")
        connection.execute(f"copy ({select}) to {quoted(file)} (format parquet)")
