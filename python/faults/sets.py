"""Published sets by their content: is this one whole set, and which?"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
from leadsignal import warehouse
from leadsignal.history import carrying

HISTORY = tuple(carrying.contract())
"""Tables that go from set to set: each row has the build that wrote it."""
OWN = {"publication": ("build_id", "built_at")}
"""Columns that differ between two builds of the same CRM."""


@dataclass(frozen=True)
class Published:
    """What a published file holds. Of each table, the number of its rows and a hash of them."""

    build_id: str
    as_of: str
    rows_of_publication: int
    exact: Mapping[str, str]
    """Every table."""
    content: Mapping[str, str]
    """Every table but history, without what only this build has: the same for the same CRM."""
    earlier: Mapping[str, str]
    """The rows of history that builds before this one wrote."""
    carried: Mapping[str, str]
    """All rows of history, as the next set carries them on."""


def read(file: Path) -> Published:
    """The content of a published file. Raises UsageError when it cannot be opened."""
    con = warehouse.open_published(file)
    try:
        tables = tables_of(con)
        [(rows, build_id, as_of)] = con.execute(
            "select count(*), max(build_id), max(cast(as_of as varchar)) from publication"
        ).fetchall()
        history = [table for table in HISTORY if table in tables]
        exact = {table: digest(con, table) for table in tables}
        return Published(
            build_id=str(build_id),
            as_of=str(as_of),
            rows_of_publication=rows,
            exact=exact,
            content={
                table: digest(con, table, without=OWN[table]) if table in OWN else exact[table]
                for table in tables
                if table not in HISTORY
            },
            earlier={
                table: digest(con, table, where=f"build_id <> {warehouse.literal(build_id)}")
                for table in history
            },
            carried={table: exact[table] for table in history},
        )
    finally:
        con.close()


def tables_of(con: duckdb.DuckDBPyConnection) -> list[str]:
    """The tables of the set that the connection reads."""
    rows = con.execute(
        "select table_name from duckdb_tables() where database_name = current_database()"
        " and schema_name = current_schema() order by all"
    ).fetchall()
    return [name for (name,) in rows]


def digest(
    con: duckdb.DuckDBPyConnection, table: str, *, without: tuple[str, ...] = (), where: str = ""
) -> str:
    """The number of rows and a hash of them that does not depend on their order."""
    columns = f"* exclude ({', '.join(without)})" if without else "*"
    kept = f" where {where}" if where else ""
    [(rows, total)] = con.execute(
        f"select count(*), sum(hash(each)) from (select {columns} from {table}{kept}) as each"
    ).fetchall()
    return f"{rows} rows, {total or 0:x}"


def faults_of(
    found: Published, before: Published | None, known: Mapping[str, Mapping[str, str]]
) -> list[str]:
    """What is not as it is in a whole set, a line each.

    `known` is the content of each CRM's set, by the CRM's name; `before` is the set that was
    published when the build began, which `found` is, or follows upon.
    """
    if before and found.exact == before.exact:
        return []
    wrong = []
    if found.rows_of_publication != 1:
        wrong.append(f"publication has {found.rows_of_publication} rows")
    if not any(found.content == content for content in known.values()):
        wrong += _mixture(found.content, known)
    for table, rows in found.earlier.items():
        if before and table in before.carried and rows != before.carried[table]:
            wrong.append(f"{table} has {rows} of earlier builds, {before.carried[table]} before")
    return wrong


def _mixture(content: Mapping[str, str], known: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Which tables are whose, where they are not all of one CRM."""
    closest = max(
        known.values(),
        key=lambda other: sum(other.get(table) == rows for table, rows in content.items()),
        default={},
    )
    odd = [
        f"{table} has {rows} and not {closest.get(table)}"
        for table, rows in content.items()
        if closest.get(table) != rows
    ]
    missing = [f"{table} is missing" for table in sorted(closest.keys() - content.keys())]
    return odd + missing or ["no set is known"]
