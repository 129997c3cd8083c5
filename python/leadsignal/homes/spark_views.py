"""Spark: the generations, the views over them, and how all views go over at once.

Each view holds the rows of both generations behind the condition that the view `shown` names the
generation. Tables and views stay where they are from build to build: only the rows of the
generation that is not shown are overwritten, and then `shown` is altered, in one step.
"""

from collections.abc import Sequence

from leadsignal.homes.serving import Table
from leadsignal.homes.spark_server import Server
from leadsignal.homes.spark_tables import TYPES, quoted, tables

GENERATIONS = ("a", "b")
POINTER = "shown"
"""The view of one row that names the generation whose rows all other views show."""


def shown(server: Server, schema: str) -> str:
    """The generation that readers see; empty when nothing was published."""
    server.run(f"create schema if not exists {quoted(schema)}")
    if not server.run(f"show views in {quoted(schema)} like '{POINTER}'"):
        return ""
    [(generation,)] = server.run(f"select generation from {_pointer(schema)}")
    return str(generation)


def publish(server: Server, schema: str, made: str, held: Sequence[Table]) -> None:
    """Put the tables `held` of the schema `made` into the other generation, and show that.

    Only a table that is new or gone, or has got other columns, has its view replaced: with a new
    version of the project, not night by night.
    """
    now = shown(server, schema)
    new = next(name for name in GENERATIONS if name != now)
    there = {name: _tables(server, f"{schema}_{name}") for name in GENERATIONS}
    changed = [
        table
        for table in held
        if any(_shape(there[name].get(table.name)) != _shape(table) for name in GENERATIONS)
    ]
    for table in held:
        if table in changed:
            if now and table.name in there[now]:
                _show(server, schema, there[now][table.name], [now])
            _make(server, schema, new, table)
        names = ", ".join(map(quoted, table.columns))
        server.run(
            f"insert overwrite table {_name(schema, new, table)}"
            f" select {names} from {quoted(made)}.{quoted(table.name)}"
        )
    _point(server, schema, new, is_new=not now)
    for table in changed:
        _show(server, schema, table, [new])
        _make(server, schema, next(name for name in GENERATIONS if name != new), table)
        _show(server, schema, table, GENERATIONS)
    _forget(server, schema, [*there["a"].values(), *there["b"].values()], held)


def _tables(server: Server, schema: str) -> dict[str, Table]:
    server.run(f"create schema if not exists {quoted(schema)}")
    return {table.name: table for table in tables(server, schema)}


def _shape(table: Table | None) -> list[tuple[str, str]]:
    return [(name, one.type) for name, one in table.columns.items()] if table else []


def _make(server: Server, schema: str, generation: str, table: Table) -> None:
    columns = ", ".join(f"{quoted(name)} {TYPES[one.type]}" for name, one in table.columns.items())
    name = _name(schema, generation, table)
    server.run(f"drop table if exists {name}")
    server.run(f"create table {name} ({columns}) using parquet")


def _point(server: Server, schema: str, generation: str, *, is_new: bool) -> None:
    """Show a generation. To replace a view is to drop it and make it; to alter it is one step."""
    change = "create view" if is_new else "alter view"
    server.run(f"{change} {_pointer(schema)} as select '{generation}' as generation")


def _show(server: Server, schema: str, table: Table, generations: Sequence[str]) -> None:
    names = ", ".join(map(quoted, table.columns))
    selects = (
        f"select {names} from {_name(schema, generation, table)}"
        + f" where (select generation from {_pointer(schema)}) = '{generation}'"
        * (len(generations) > 1)
        for generation in generations
    )
    described = ", ".join(
        f"{quoted(name)} comment {_text(column.description)}"
        for name, column in table.columns.items()
    )
    server.run(
        f"create or replace view {quoted(schema)}.{quoted(table.name)} ({described})"
        f" comment {_text(table.description)} as {' union all '.join(selects)}"
    )


def _forget(server: Server, schema: str, there: Sequence[Table], held: Sequence[Table]) -> None:
    for name in {table.name for table in there} - {table.name for table in held}:
        server.run(f"drop view if exists {quoted(schema)}.{quoted(name)}")
        for generation in GENERATIONS:
            server.run(f"drop table if exists {quoted(f'{schema}_{generation}')}.{quoted(name)}")


def _name(schema: str, generation: str, table: Table) -> str:
    return f"{quoted(f'{schema}_{generation}')}.{quoted(table.name)}"


def _pointer(schema: str) -> str:
    return f"{quoted(schema)}.{quoted(POINTER)}"


def _text(words: str) -> str:
    return "'" + words.replace("\\", "\\\\").replace("'", "\\'") + "'"
