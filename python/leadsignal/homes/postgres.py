"""PostgreSQL: marts in one of two generation schemas, published by views over it.

Readers see the views of the published schema alone. A build fills the generation that the views do
not show; all views go over to it in one transaction.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from leadsignal import warehouse
from leadsignal.errors import BuildFailed, BuildLocked, UsageError
from leadsignal.homes import GENERATION, serving, views
from leadsignal.homes.profile import filled
from leadsignal.homes.serving import Column, Table
from leadsignal.layouts import normal
from leadsignal.settings import Settings

GENERATIONS = ("a", "b")
TYPES = {
    "VARCHAR": "text",
    "DOUBLE": "double precision",
    "BOOLEAN": "boolean",
    "INTEGER": "integer",
    "BIGINT": "bigint",
    "DATE": "date",
    "TIMESTAMP": "timestamp without time zone",
}
"""PostgreSQL's name of each type that a published table may have."""
_DUCKDB_TYPES = {name: kind for kind, name in TYPES.items()} | {"character varying": "VARCHAR"}
SESSION = "-c timezone=UTC -c datestyle=ISO -c extra_float_digits=1"
"""What values look like as text, whatever the server's settings."""
RAW_SQL = """
    select table_schema, table_name from information_schema.tables
    where lower(table_schema) not like lower(%s)
        and table_schema not like 'pg\\_%%' and table_schema <> 'information_schema'
"""
COLUMNS_SQL = """
    select relname, attname, format_type(atttypid, -1)
    from pg_class
    inner join pg_attribute on pg_class.oid = attrelid
    where relnamespace = to_regnamespace(%s) and relkind in ('r', 'v')
        and attnum > 0 and not attisdropped
    order by relname, attnum
"""

# An advisory lock of one number stands in two columns.
HOLDER_SQL = """
    select pid, usename, coalesce(host(client_addr), 'its own machine'), backend_start
    from pg_locks
    inner join pg_stat_activity using (pid)
    where locktype = 'advisory' and granted and objsubid = 1
        and ((classid::bigint << 32) | objid::bigint) = hashtext(%s)::bigint
"""


class Postgres:
    """A database with raw schemas, work schemas, two generations and the views; see `Home`."""

    def __init__(self, con: Any, schema: str, readers: tuple[str, ...], work: Path) -> None:
        """The connection holds the lock; `schema` is what readers see; `work` takes copies."""
        self.con = con
        self.schema = schema
        self.readers = readers
        self.copied = work / "copied.csv"
        self.generation = ""

    @property
    def place(self) -> str:
        """The schema that this build fills."""
        return f"{self.schema}_{self.generation}"

    def prepare(self) -> Mapping[str, str]:
        """Empty the generation that the views do not show."""
        self._check_readers()
        shown = views.shown(self.con, self.schema)
        free = [name for name in GENERATIONS if f"{self.schema}_{name}" not in shown]
        if not free:
            raise BuildFailed(
                f"Views of {self.schema} show both {' and '.join(sorted(shown))}.",
                "Only a build makes views there: drop yours, and run `leadsignal build` again.",
            )
        self.generation = free[0]
        self._run(f"drop schema if exists {views.quoted(self.place)} cascade")
        self._run(f"create schema {views.quoted(self.place)}")
        return {GENERATION: self.generation}

    def hold(self) -> None:
        """Use the connection that holds the lock: one that is idle for long is ended on the way."""
        try:
            self._run("select 1")
        except BuildFailed as error:
            raise BuildFailed(
                "The connection that holds the lock of builds was lost, so another build may have"
                f" begun: {str(error).partition('. ')[0]}.",
                "Nothing was published: run `leadsignal build` again.",
            ) from error

    def raw_tables(self) -> Mapping[str, Collection[str]]:
        """What stands in schemas that are neither ours nor the database's own."""
        found: dict[str, set[str]] = {}
        for schema, name in self._run(RAW_SQL, (f"{self.schema}%",)):
            found.setdefault(schema, set()).add(normal(name))
        return found

    def fetch(self, manifest: Path, marts: Path) -> None:
        """Copy the generation into the serving file."""
        serving.fill(marts, serving.tables(manifest), partial(self._rows, self.place))

    def previous(self, local: Path, copy: Path) -> Path | None:
        """The set that the views show: the local file, or a copy of them."""
        shown = self._tables(self.schema)
        if not any(table.name == "publication" for table in shown):
            return None
        [(build_id,)] = self._run(f"select build_id from {views.quoted(self.schema)}.publication")
        if local.is_file() and serving.build_id(local) == build_id:
            return local
        serving.fill(copy, shown, partial(self._rows, self.schema))
        return copy

    def publish(self, marts: Path) -> None:
        """Add what only the finished file has, and let the views show this generation."""
        there = {table.name for table in self._tables(self.place)}
        held = serving.held(marts)
        for table in held:
            if table.name not in there:
                self._add(table, marts)
        serving.same_counts(self._counts(held), marts)
        views.switch(self.con, self.schema, self.place, held, self.readers)

    def _check_readers(self) -> None:
        there = {name for (name,) in self._run("select rolname from pg_roles")}
        for reader in self.readers:
            if reader not in there:
                raise UsageError(
                    f"There is no role '{reader}', which `readers` in dbt_project.yml names.",
                    "Create it (scripts/postgres_roles.sql has ours), or take it out.",
                )

    def _run(self, sql: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        return views.run(self.con, sql, values)

    def _tables(self, schema: str) -> list[Table]:
        found: dict[str, dict[str, Column]] = {}
        for table, column, kind in self._run(COLUMNS_SQL, (schema,)):
            found.setdefault(table, {})[column] = Column(_DUCKDB_TYPES.get(kind, "VARCHAR"))
        return [Table(name, columns) for name, columns in found.items()]

    def _counts(self, tables: list[Table]) -> dict[str, int]:
        place = views.quoted(self.place)
        each = (
            f"select '{table.name}', count(*) from {place}.{views.quoted(table.name)}"
            for table in tables
        )
        return dict(self._run(" union all ".join(each)))

    @contextmanager
    def _rows(self, schema: str, table: Table) -> Iterator[str]:
        """The rows by way of a CSV file, in which nothing and empty text differ by their quotes."""
        columns = ", ".join(map(views.quoted, table.columns))
        select = f"select {columns} from {views.quoted(schema)}.{views.quoted(table.name)}"
        with self.copied.open("wb") as file, views.failing(self.con) as cursor:
            cursor.copy_expert(f"copy ({select}) to stdout (format csv)", file)
        types = ", ".join(f"'{name}': '{column.type}'" for name, column in table.columns.items())
        yield (
            f"read_csv({warehouse.quoted(self.copied)}, header = false, auto_detect = false,"
            f" delim = ',', quote = '\"', escape = '\"', nullstr = '', allow_quoted_nulls = false,"
            f" max_line_size = 100000000, columns = {{{types}}})"
        )
        self.copied.unlink()

    def _add(self, table: Table, marts: Path) -> None:
        """Make a table that dbt does not know, with the file's rows."""
        name = f"{views.quoted(self.place)}.{views.quoted(table.name)}"
        columns = ", ".join(
            f"{views.quoted(column)} {TYPES[one.type]}" for column, one in table.columns.items()
        )
        self._run(f"create table {name} ({columns})")
        with duckdb.connect(marts, read_only=True) as con:
            con.execute(
                f"copy {warehouse.SCHEMA}.{views.quoted(table.name)} to"
                f" {warehouse.quoted(self.copied)} (format csv, header false, nullstr '\\N')"
            )
        with self.copied.open("rb") as file, views.failing(self.con) as cursor:
            cursor.copy_expert(f"copy {name} from stdin (format csv, null '\\N')", file)
        self.copied.unlink()
        self._run(f"analyze {name}")


def reach(settings: Settings) -> None:
    """Connect, and end the connection."""
    output, place = filled(settings)
    _connected(output, place).close()


@contextmanager
def opened(settings: Settings) -> Iterator[Postgres]:
    """The home, held by an advisory lock of one connection; see `homes.opened`."""
    output, place = filled(settings)
    con = _connected(output, place)
    try:
        schema = str(output["schema"])
        key = (f"leadsignal build {schema}",)
        [(is_ours,)] = views.run(con, "select pg_try_advisory_lock(hashtext(%s))", key)
        if not is_ours:
            raise BuildLocked(
                f"Another build of {output['dbname']}.{schema} on {output['host']} is running: "
                f"{_holder(views.run(con, HOLDER_SQL, key))}.",
                "Wait until it has ended, or end that backend (pg_terminate_backend).",
            )
        yield Postgres(con, schema, settings.readers, settings.work)
    finally:
        con.close()


def _holder(rows: list[tuple[Any, ...]]) -> str:
    if not rows:
        return "it has just ended"
    backend, role, client, since = rows[0]
    return f"backend {backend} of {role} from {client}, since {since:%Y-%m-%d %H:%M:%S} UTC"


def _connected(output: Mapping[str, Any], place: str) -> Any:
    try:
        import psycopg2
    except ImportError as error:
        raise UsageError(
            "PostgreSQL's adapter is not installed.", "Run `pip install 'leadsignal[postgres]'`."
        ) from error
    try:
        con = psycopg2.connect(
            host=output["host"],
            port=output["port"],
            user=output["user"],
            password=output.get("password") or output.get("pass"),
            dbname=output.get("dbname") or output.get("database"),
            application_name="leadsignal",
            options=SESSION,
        )
    except KeyError as error:
        raise UsageError(f"{place} has no {error}.", "See profiles.yml.example.") from error
    except psycopg2.OperationalError as error:
        raise BuildFailed(
            f"{place} cannot be reached: {str(error).strip().splitlines()[0]}.",
            "Start the server (`make postgres` starts one of the project's own), or set the target"
            " right.",
        ) from error
    con.autocommit = True
    return con
