"""Raw CRM files as tables of Spark, as a loader leaves them: a schema per CRM, text columns."""

from pathlib import Path
from typing import Any

import duckdb


def load(cursor: Any, raw: Path, place: Path) -> int:
    """Make a table of each CSV file in the folders of `raw`; how many there are.

    `cursor` is one of the Thrift server's; the Parquet files of the tables are written to `place`.
    """
    files = sorted(raw.glob("*/*.csv"))
    for schema in dict.fromkeys(file.parent.name for file in files):
        cursor.execute(f"drop schema if exists `{schema}` cascade")
        cursor.execute(f"create schema `{schema}`")
    for file in files:
        schema, table = file.parent.name, file.stem
        folder = place / schema / table
        folder.mkdir(parents=True, exist_ok=True)
        duckdb.sql(
            f"copy (from read_csv('{file}', all_varchar = true, header = true))"
            f" to '{folder / 'rows.parquet'}' (format parquet, compression zstd)"
        )
        cursor.execute(f"create table `{schema}`.`{table}` using parquet location '{folder}'")
    return len(files)
