"""The serving file: a home's marts as the DuckDB file that everything else reads."""

import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from leadsignal import warehouse
from leadsignal.errors import BuildFailed

FOLDER_OF_MARTS = "marts"


@dataclass(frozen=True)
class Column:
    """A column of a published table; `type` is DuckDB's name of it."""

    type: str
    description: str = ""
    is_required: bool = False


@dataclass(frozen=True)
class Table:
    """A published table and its columns, in order."""

    name: str
    columns: Mapping[str, Column]
    description: str = ""
    place: str = field(default="", compare=False)
    """Where dbt has made it: the name of the schema."""


Rows = Callable[[Table], AbstractContextManager[str]]
"""Gives, for as long as its context is open, what DuckDB's `select * from` takes: the table's
columns under their names, in any order, with values that cast to their types."""


def tables(manifest: Path) -> list[Table]:
    """The marts as dbt's manifest describes them. Raises BuildFailed when it cannot be read."""
    try:
        nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"].values()
    except (OSError, ValueError, KeyError) as error:
        raise BuildFailed(
            f"What dbt says it has built cannot be read from {manifest}: {error}.",
            "Run `leadsignal build` again.",
        ) from error
    return [
        Table(
            name=node["alias"],
            columns={
                name: Column(column["data_type"], column["description"], _is_required(column))
                for name, column in node["columns"].items()
            },
            description=node["description"],
            place=node["schema"],
        )
        for node in nodes
        if node["resource_type"] == "model" and node["fqn"][1] == FOLDER_OF_MARTS
    ]


def _is_required(column: Mapping[str, list[Mapping[str, str]]]) -> bool:
    return any(one["type"] == "not_null" for one in column["constraints"])


def fill(file: Path, wanted: Iterable[Table], rows: Rows) -> None:
    """Make the tables in schema marts of a DuckDB file, and copy their rows.

    Raises BuildFailed, naming the table, when DuckDB cannot read what the home gave.
    """
    with duckdb.connect() as con:
        con.execute(f"attach {warehouse.quoted(file)} as filled (storage_version 'v1.0.0')")
        con.execute(f"create schema if not exists filled.{warehouse.SCHEMA}")
        con.execute(f"use filled.{warehouse.SCHEMA}; set preserve_insertion_order = false")
        for table in wanted:
            try:
                con.execute(_made(table))
                with rows(table) as source:
                    con.execute(f'insert into "{table.name}" by name select * from {source}')
            except duckdb.Error as error:
                raise BuildFailed(
                    f"{table.name} cannot be copied into {file}: {str(error).splitlines()[0]}.",
                    "Run `leadsignal build` again.",
                ) from error


def held(file: Path) -> list[Table]:
    """The tables of a DuckDB file's schema marts."""
    with duckdb.connect(file, read_only=True) as con:
        found = con.execute(
            "select table_name, column_name, data_type, comment, not is_nullable"
            " from duckdb_columns() where schema_name = ? order by table_name, column_index",
            [warehouse.SCHEMA],
        ).fetchall()
        described = con.execute(
            "select table_name, comment from duckdb_tables() where schema_name = ?",
            [warehouse.SCHEMA],
        ).fetchall()
    columns: dict[str, dict[str, Column]] = {}
    for table, column, kind, comment, is_required in found:
        columns.setdefault(table, {})[column] = Column(kind, comment or "", is_required)
    return [Table(name, columns[name], comment or "") for name, comment in described]


def counts(file: Path) -> dict[str, int]:
    """How many rows each table of the schema marts has."""
    with duckdb.connect(file, read_only=True) as con:
        con.execute(f"use {warehouse.SCHEMA}")
        return {
            table.name: con.execute(f'select count(*) from "{table.name}"').fetchall()[0][0]
            for table in held(file)
        }


def build_id(file: Path) -> str | None:
    """The build of a published file; None when it cannot be read."""
    try:
        with duckdb.connect() as con:
            con.execute(f"attach {warehouse.quoted(file)} as asked (read_only)")
            rows = con.execute(
                f"select build_id from asked.{warehouse.SCHEMA}.publication"
            ).fetchall()
    except duckdb.Error:
        return None
    return str(rows[0][0]) if rows else None


def same_counts(home: Mapping[str, int], file: Path) -> None:
    """Raises BuildFailed for the first table that has another number of rows in the home."""
    for name, expected in counts(file).items():
        if home.get(name) != expected:
            raise BuildFailed(
                f"{name} has {home.get(name, 'no')} rows in the home and {expected} in {file}.",
                "Something else has written there meanwhile: run `leadsignal build` again.",
            )


def _made(table: Table) -> str:
    columns = ", ".join(
        f'"{name}" {column.type}{" not null" if column.is_required else ""}'
        for name, column in table.columns.items()
    )
    comments = [
        f'comment on column "{table.name}"."{name}" is {warehouse.literal(column.description)};'
        for name, column in table.columns.items()
        if column.description
    ]
    if table.description:
        comments.append(
            f'comment on table "{table.name}" is {warehouse.literal(table.description)};'
        )
    return f'create table "{table.name}" ({columns}); {"".join(comments)}'
