"""Raw CRM folders put into PostgreSQL as a simple loader would: every column is text.

From python/tests, `python -m homes.loading RAW_FOLDER` fills the server of scripts/postgres.sh.
"""

from __future__ import annotations

import csv
import gzip
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import psycopg2

LONGEST_NAME = 63
"""Longer names are cut by PostgreSQL."""


def load_crms(con: Any, raw: Path) -> None:
    """Replace the schemas named like the folders in `raw` by what their CSV files hold."""
    for folder in sorted(place for place in raw.iterdir() if place.is_dir()):
        load_crm(con, folder, folder.name)


def load_crm(con: Any, folder: Path, schema: str) -> None:
    """Replace one schema by the CSV files (.csv, .csv.gz) of a folder."""
    with con, con.cursor() as cursor:
        cursor.execute(f'drop schema if exists "{schema}" cascade; create schema "{schema}"')
        for file in sorted(folder.glob("*.csv*")):
            table = file.name.partition(".")[0]
            with opened(file) as text:
                names = list(columns(next(csv.reader(text))))
            listed = ", ".join(f"{name} text" for name in names)
            cursor.execute(f'create table "{schema}"."{table}" ({listed})')
            with opened(file) as text:
                cursor.copy_expert(
                    f'copy "{schema}"."{table}" from stdin (format csv, header true)', text
                )
        cursor.execute(
            f'grant usage on schema "{schema}" to leadsignal_build;'
            f' grant select on all tables in schema "{schema}" to leadsignal_build'
        )


def opened(file: Path) -> IO[str]:
    if file.suffix == ".gz":
        return gzip.open(file, "rt", encoding="utf-8-sig", newline="")
    return file.open(encoding="utf-8-sig", newline="")


def columns(header: list[str]) -> Iterator[str]:
    """The names as they are written, quoted, cut to what fits, and each of them once."""
    taken: set[str] = set()
    for place, name in enumerate(header, start=1):
        fitting = name.encode()[:LONGEST_NAME].decode(errors="ignore")
        if fitting in taken or not fitting:
            fitting = f"{fitting[: LONGEST_NAME - 5]}_{place}"
        taken.add(fitting)
        yield '"' + fitting.replace('"', '""') + '"'


def connection(role: str) -> Any:
    """To the server of scripts/postgres.sh."""
    return psycopg2.connect(
        host=os.environ.get("POSTGRES_HOST", "127.0.0.1"),
        port=os.environ.get("POSTGRES_PORT", "5455"),
        user=role,
        dbname=os.environ.get("POSTGRES_DATABASE", "leadsignal"),
    )


def main() -> None:
    """Load the folder named first."""
    con = connection("leadsignal_load")
    load_crms(con, Path(sys.argv[1]))
    con.close()


if __name__ == "__main__":
    main()
