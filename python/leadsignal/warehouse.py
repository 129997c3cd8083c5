"""Opening the published set for reading."""

from functools import cache
from pathlib import Path

import duckdb

from leadsignal.contract import sets
from leadsignal.errors import UsageError

CATALOG = "leadsignal"
SCHEMA = "marts"
PREVIOUS = "previous"
"""Name, beside the published set, of the one published before it."""

MOST_MEMORY = 4.0
"""GiB; DuckDB's own bound, which knows of containers, where that is less."""
UNITS = {"bytes": 1024**-3, "KiB": 1024**-2, "MiB": 1 / 1024, "GiB": 1, "TiB": 1024}
"""GiB in each unit in which DuckDB tells sizes."""


def bounds(file: Path) -> str:
    """Statements that bound the memory of a connection to `file`: the rest is spilled beside it.

    DuckDB itself takes four fifths of a machine for every process, before it spills anything.
    """
    spill = quoted(file.with_name(f"{file.name}.tmp"))
    return (
        f"set memory_limit = '{min(MOST_MEMORY, _own_bound())} GiB'; set temp_directory = {spill}"
    )


@cache
def _own_bound() -> float:
    """GiB that DuckDB would take by itself."""
    with duckdb.connect() as con:
        [(told,)] = con.execute("select current_setting('memory_limit')").fetchall()
    size, unit = told.split()
    return float(size) * UNITS[unit]


def literal(text: str) -> str:
    """The text as an SQL string literal; filters are written in the same way."""
    return "'" + text.replace("'", "''") + "'"


def quoted(path: Path) -> str:
    """The path as an SQL string literal."""
    return literal(str(path))


def open_published(path: Path) -> duckdb.DuckDBPyConnection:
    """A connection that reads the published file, with the marts as its current schema.

    The connection is in memory and attaches the file read-only: DuckDB keeps one instance per path
    in a process, so connecting to the path itself would go on showing a set that has been
    replaced. Raises UsageError when there is no published set, the file cannot be read, or it is of
    a contract that is newer than ours.
    """
    if not path.is_file():
        raise UsageError(
            f"There is no published set at {path}.",
            "Run `leadsignal build` first, or set LEADSIGNAL_WAREHOUSE to the folder that has it.",
        )
    con = duckdb.connect()
    try:
        con.execute(bounds(path))
        con.execute(f"attach {quoted(path)} as {CATALOG} (read_only)")
        con.execute(f"use {CATALOG}.{SCHEMA}")
        sets.check(con, str(path))
    except duckdb.Error as error:
        con.close()
        raise UsageError(
            f"{path} cannot be read as a published set: {error}.",
            "Run `leadsignal build` to write it anew.",
        ) from error
    except UsageError:
        con.close()
        raise
    return con


def attach_previous(path: Path) -> str:
    """The statement that attaches the set published before, to be read as `previous.marts`."""
    return f"attach {quoted(path)} as {PREVIOUS} (read_only)"
