"""All worlds through one build of the project, and each world's own published set."""

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb
import numpy
import pyarrow
import pyarrow.parquet

from calibration.drawing import draw
from calibration.worlds import AS_OF, World

OWN = ("lead_id", "opportunity_id")
"""Columns whose ids begin with the world's prefix."""


def write(worlds: Iterable[World], raw: Path, rng: numpy.random.Generator) -> None:
    """The raw tables of all worlds in one folder of the generic layout."""
    drawn = [draw(world, rng) for world in worlds]
    folder = raw / "generic"
    folder.mkdir(parents=True)
    for name in drawn[0]:
        together = pyarrow.concat_tables([tables[name] for tables in drawn])
        pyarrow.parquet.write_table(together, folder / f"{name}.parquet")


def build(raw: Path, warehouse: Path) -> Path:
    """`leadsignal build` of that folder; the published file. Raises CalledProcessError."""
    env = os.environ | {"LEADSIGNAL_WAREHOUSE": str(warehouse)}
    command = [str(Path(sys.executable).with_name("leadsignal")), "build", "--raw", str(raw)]
    subprocess.run([*command, "--as-of", AS_OF], check=True, env=env)
    return warehouse / "leadsignal.duckdb"


def each(
    published: Path, worlds: Iterable[World]
) -> Iterator[tuple[World, duckdb.DuckDBPyConnection]]:
    """Every world with a connection that reads its rows alone, as if it had been built by itself.

    Tables without leads or deals (settings, trust, definitions) are the same for all.
    """
    with duckdb.connect() as con:
        con.execute(f"attach '{published}' as published (read_only)")
        con.execute("create schema world; use memory.world")
        own, shared = _tables(con)
        for table in shared:
            con.execute(f"create table {table} as from published.marts.{table}")
        for world in worlds:
            for table, column in own.items():
                con.execute(
                    f"create or replace table {table} as from published.marts.{table} "
                    f"where split_part({column}, ':', 2) like '%{world.prefix}%'"
                )
            yield world, con


def _tables(con: duckdb.DuckDBPyConnection) -> tuple[dict[str, str], list[str]]:
    columns = con.execute(
        "select table_name, list(column_name) from duckdb_columns()"
        " where database_name = 'published' and schema_name = 'marts' group by table_name"
    ).fetchall()
    own, shared = {}, []
    for table, names in columns:
        key = next((name for name in OWN if name in names), None)
        # A deal may have no lead, but it always has its own id.
        key = "opportunity_id" if table.startswith("fct_opportunit") else key
        if key is None:
            shared.append(table)
        else:
            own[table] = key
    return own, shared
