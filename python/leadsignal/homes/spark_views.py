"""Spark: the views that readers see, and how all of them go over to another schema at once."""

from collections.abc import Sequence

from leadsignal.homes.serving import Table
from leadsignal.homes.spark_server import Server
from leadsignal.homes.spark_tables import quoted, tables

POINTER = "shown"
"""The view of one row that names the generation whose rows all other views show."""


def shown(server: Server, schema: str) -> str:
    """The generation that readers see; empty when nothing was published."""
    server.run(f"create schema if not exists {quoted(schema)}")
    if not server.run(f"show views in {quoted(schema)} like '{POINTER}'"):
        return ""
    [(generation,)] = server.run(f"select generation from {_pointer(schema)}")
    return str(generation)


def show_alone(server: Server, schema: str, generation: str) -> None:
    """Let each view read the shown generation only, so that the other can go."""
    for table in tables(server, schema):
        if table.name != POINTER:
            _replace(server, schema, table, [generation], is_chosen=False)


def show_both(server: Server, schema: str, generation: str, held: Sequence[Table]) -> None:
    """Let the views show the tables `held` of this generation, all at once.

    Only a table that has got other columns than the generation shown before has, or that is new or
    gone, has its view replaced after that: with a new version of the project, not night by night.
    """
    before = shown(server, schema)
    place = f"{schema}_{before}"
    old = {table.name: _shape(table) for table in tables(server, place)} if before else {}
    alike = [table for table in held if old.get(table.name) == _shape(table)]
    for table in alike:
        _replace(server, schema, table, [before, generation], is_chosen=True)
    if not before:
        _replace_all(server, schema, held, generation)
    server.run(
        f"create or replace view {_pointer(schema)} comment 'The generation that is shown'"
        f" as select '{generation}' as generation"
    )
    if before:
        _replace_all(server, schema, [table for table in held if table not in alike], generation)
    for name in old.keys() - {table.name for table in held}:
        server.run(f"drop view if exists {quoted(schema)}.{quoted(name)}")


def _replace_all(server: Server, schema: str, held: Sequence[Table], generation: str) -> None:
    for table in held:
        _replace(server, schema, table, [generation], is_chosen=False)


def _replace(
    server: Server, schema: str, table: Table, generations: Sequence[str], *, is_chosen: bool
) -> None:
    names = ", ".join(map(quoted, table.columns))
    selects = (
        f"select {names} from {quoted(f'{schema}_{generation}')}.{quoted(table.name)}"
        + (f" where (select generation from {_pointer(schema)}) = '{generation}'" * is_chosen)
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


def _shape(table: Table) -> list[tuple[str, str]]:
    return [(name, column.type) for name, column in table.columns.items()]


def _pointer(schema: str) -> str:
    return f"{quoted(schema)}.{quoted(POINTER)}"


def _text(words: str) -> str:
    return "'" + words.replace("\\", "\\\\").replace("'", "\\'") + "'"
