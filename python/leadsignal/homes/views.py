"""PostgreSQL: the views that readers see, and how all of them go over to another schema at once."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from leadsignal import warehouse
from leadsignal.errors import BuildFailed
from leadsignal.homes.serving import Table

LONGEST_WAIT = "900ms"
"""For readers who are in the middle of a query. Less than the second after which a reader that
waits for us looks for a deadlock: of two, it is always this side that gives way."""
TRIES = 100
PAUSE = 2.0
"""Seconds between two tries, in which readers get on."""
SHOWN_SQL = """
    select distinct pg_class.relnamespace::regnamespace::text
    from pg_class as view
    inner join pg_rewrite on view.oid = ev_class
    inner join pg_depend on pg_rewrite.oid = objid and refclassid = 'pg_class'::regclass
    inner join pg_class on refobjid = pg_class.oid
    where view.relnamespace = to_regnamespace(%s) and pg_class.relnamespace <> view.relnamespace
"""
COLUMNS_SQL = """
    select relname, array_agg(attname || ' ' || format_type(atttypid, atttypmod) order by attnum)
    from pg_class
    inner join pg_attribute on pg_class.oid = attrelid
    where relnamespace = to_regnamespace(%s) and relkind = %s and attnum > 0
    group by relname
"""


@contextmanager
def failing(con: Any) -> Iterator[Any]:
    """A cursor whose errors are a BuildFailed of one line."""
    import psycopg2

    try:
        with con.cursor() as cursor:
            yield cursor
    except psycopg2.Error as error:
        raise BuildFailed(
            f"PostgreSQL refused: {str(error).strip().splitlines()[0]}.", "Nothing was published."
        ) from error


def run(con: Any, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    """The rows of a statement. Raises BuildFailed."""
    with failing(con) as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall()) if cursor.description else []


def shown(con: Any, schema: str) -> set[str]:
    """The schemas whose tables the views of a schema show: one, or none."""
    return {name.strip('"') for (name,) in run(con, SHOWN_SQL, (schema,))}


def switch(
    con: Any, schema: str, place: str, tables: Sequence[Table], readers: Sequence[str]
) -> None:
    """Let the views of `schema` show the tables of the schema `place`, all in one transaction.

    Views of other tables go. The roles `readers` may read the views, and nothing else by this.
    Raises BuildFailed when readers do not make room or a role or right is missing.
    """
    import psycopg2

    run(con, f"create schema if not exists {quoted(schema)}")
    for _ in range(TRIES):
        try:
            _switch_now(con, schema, place, tables, readers)
            return
        except (psycopg2.errors.QueryCanceled, psycopg2.errors.DeadlockDetected):
            time.sleep(PAUSE)
        except psycopg2.Error as error:
            raise BuildFailed(
                f"The views of {schema} cannot be replaced: {str(error).strip().splitlines()[0]}.",
                "Views of your own on them have to be dropped before a column changes its type or"
                " goes; roles are named in `readers` in dbt_project.yml.",
            ) from error
    raise BuildFailed(
        f"Readers of {schema} did not end their queries for {TRIES * PAUSE / 60:.0f} minutes.",
        "End them (pg_stat_activity shows who), and run `leadsignal build` again.",
    )


def _switch_now(
    con: Any, schema: str, place: str, tables: Sequence[Table], readers: Sequence[str]
) -> None:
    old = dict(run(con, COLUMNS_SQL, (schema, "v")))
    new = dict(run(con, COLUMNS_SQL, (place, "r")))
    con.autocommit = False
    try:
        with con, con.cursor() as cursor:
            if old:
                cursor.execute(f"set local statement_timeout = '{LONGEST_WAIT}'")
                cursor.execute(f"lock table {_listed(schema, old)} in access exclusive mode")
                cursor.execute("set local statement_timeout = 0")
            cursor.execute(";".join(_statements(schema, place, tables, old, new)))
            for reader in readers:
                cursor.execute(
                    f"grant usage on schema {quoted(schema)} to {quoted(reader)}; grant select on"
                    f" {_listed(schema, [table.name for table in tables])} to {quoted(reader)}"
                )
    finally:
        con.autocommit = True


def _statements(
    schema: str,
    place: str,
    tables: Sequence[Table],
    old: Mapping[str, list[str]],
    new: Mapping[str, list[str]],
) -> Iterator[str]:
    for name in old.keys() - {table.name for table in tables}:
        yield f"drop view {quoted(schema)}.{quoted(name)}"
    for table in tables:
        view = f"{quoted(schema)}.{quoted(table.name)}"
        # Replaced where the columns allow it: views of others on this one stay.
        if old.get(table.name, new[table.name]) != new[table.name]:
            yield f"drop view {view}"
        source = f"{quoted(place)}.{quoted(table.name)}"
        yield f"create or replace view {view} as select * from {source}"
        yield f"comment on view {view} is {_text(table.description)}"
        for name, column in table.columns.items():
            said = _text(column.description)
            yield f"comment on column {view}.{quoted(name)} is {said}"


def quoted(name: str) -> str:
    """The name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def _listed(schema: str, names: Iterator[str] | Sequence[str] | Mapping[str, object]) -> str:
    return ", ".join(f"{quoted(schema)}.{quoted(name)}" for name in names)


def _text(words: str) -> str:
    return warehouse.literal(words) if words else "null"
