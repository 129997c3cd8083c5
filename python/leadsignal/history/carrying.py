"""Tables that go from one published set to the next: what earlier builds said stays as it was.

They are written into the finished file before it is audited and published, so they appear with the
rest of the set or not at all.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import yaml

from leadsignal import warehouse
from leadsignal.errors import BuildFailed

BEFORE = f"{warehouse.PREVIOUS}.{warehouse.SCHEMA}"
BUILD_NUMBER = "build_number"
BUILD_SQL = """
    select build_id, as_of, built_at, definition_version from publication
"""


@dataclass(frozen=True)
class Build:
    """The build that is being finished."""

    number: int
    """1 for the first that keeps its numbers."""
    build_id: str
    as_of: datetime
    reported_at: datetime
    definition_version: str


@contextmanager
def opened(marts: Path, published: Path | None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that writes into `marts` and reads the set published now as `previous.marts`.

    Raises BuildFailed when there is such a set but it cannot be read: its history would be lost.
    """
    with duckdb.connect() as con:
        con.execute(warehouse.bounds(marts))
        con.execute(f"attach {warehouse.quoted(marts)} as {warehouse.CATALOG}")
        con.execute(f"use {warehouse.CATALOG}.{warehouse.SCHEMA}")
        if published is not None and published.is_file():
            try:
                con.execute(warehouse.attach_previous(published))
            except duckdb.Error as error:
                raise BuildFailed(
                    f"{published} cannot be read, so what was reported so far would be lost: "
                    f"{str(error).splitlines()[0]}.",
                    "Close the program that has it open, or move the file away to begin anew.",
                ) from error
        yield con


def current(con: duckdb.DuckDBPyConnection) -> Build:
    """The build that is being finished, with the number that follows the published one's."""
    [row] = con.execute(BUILD_SQL).fetchall()
    number = 1
    if columns(con, f"{BEFORE}.scorecard_history"):
        [(last,)] = con.execute(
            f"select max(build_number) from {BEFORE}.scorecard_history"
        ).fetchall()
        number += last or 0
    return Build(number, *row)


def carry(
    con: duckdb.DuckDBPyConnection,
    table: str,
    rows: str,
    parameters: Mapping[str, object] | None = None,
) -> None:
    """Write `table` of tables.yml: the rows of the published set, and those of the query `rows`.

    Columns are matched by name. A table that the published set does not have begins empty; a
    column that either lacks is null there. What builds say of one thing lies together, for most of
    them say the same, and a file then takes far less space. Raises BuildFailed when the rows
    do not keep the key.
    """
    wanted = contract()[table]
    types = _types(con, wanted)
    kept = columns(con, f"{BEFORE}.{table}").keys() & types.keys()
    con.execute(f"create or replace table {table} ({_listed(types)})")
    both = f"select * from ({rows})"
    if kept:
        names = (f'try_cast("{name}" as {types[name]}) as "{name}"' for name in kept)
        both += f" union all by name select {', '.join(names)} from {BEFORE}.{table}"
    order = sorted(wanted["key"], key=BUILD_NUMBER.__eq__)
    con.execute(
        f"insert into {table} by name from ({both}) order by {', '.join(order)}", parameters or {}
    )
    _check_key(con, table, wanted["key"])
    _describe(con, table, wanted)


def columns(con: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    """The types of a table's columns by name; none when there is no such table."""
    try:
        described = con.execute(f"describe {table}").fetchall()
    except (duckdb.CatalogException, duckdb.BinderException):
        return {}
    return {row[0]: row[1] for row in described}


@cache
def contract() -> dict[str, Any]:
    """The tables of tables.yml."""
    file = Path(__file__).with_name("tables.yml")
    return dict(yaml.safe_load(file.read_text(encoding="utf-8")))


def _types(con: duckdb.DuckDBPyConnection, wanted: Mapping[str, Any]) -> dict[str, str]:
    """The table's own columns, then those of the table that it is like."""
    own = {name: column["type"] for name, column in wanted["columns"].items()}
    return own | (columns(con, wanted["like"]) if "like" in wanted else {})


def _listed(types: Mapping[str, str]) -> str:
    return ", ".join(f'"{name}" {kind}' for name, kind in types.items())


def _check_key(con: duckdb.DuckDBPyConnection, table: str, key: list[str]) -> None:
    listed = ", ".join(key)
    found = con.execute(
        f"select concat_ws(' ', {listed}) from {table} group by {listed} having count(*) > 1"
        f" union all select 'a row without its key' from {table}"
        f" where {' or '.join(f'{name} is null' for name in key)} limit 1"
    ).fetchall()
    if found:
        raise BuildFailed(
            f"{table} does not have one row for each {listed}: {found[0][0]}.",
            "It is a fault of leadsignal: please report it. The published set stays as it was.",
        )


def _describe(con: duckdb.DuckDBPyConnection, table: str, wanted: Mapping[str, Any]) -> None:
    """The descriptions of table and columns, for whoever opens the file."""
    said = {name: column["description"] for name, column in wanted["columns"].items()}
    if "like" in wanted:
        comments = con.execute(
            "select column_name, comment from duckdb_columns() where comment is not null"
            " and table_name = ? and database_name = current_database()"
            " and schema_name = current_schema()",
            [wanted["like"]],
        ).fetchall()
        said = dict(comments) | said
    con.execute(f"comment on table {table} is {warehouse.literal(wanted['description'].strip())}")
    for name, description in said.items():
        con.execute(
            f'comment on column {table}."{name}" is {warehouse.literal(description.strip())}'
        )
