"""The list, the schemas and the raw schemas of a PostgreSQL database; see `Store`."""

from collections.abc import Iterator
from typing import Any, cast

from leadsignal.homes import Home, views
from leadsignal.homes.postgres import GENERATIONS, RAW_SQL, Postgres
from leadsignal.layouts import layouts, layouts_of_crms, normal
from leadsignal.privacy import raw_files, suppression
from leadsignal.privacy.duckdb import Files
from leadsignal.privacy.searching import KEYS_OF_OTHERS, Needles
from leadsignal.privacy.stores import RawRow
from leadsignal.privacy.suppression import Suppression
from leadsignal.settings import Settings

LIST = "forgotten"
BATCH = 10_000
"""Rows that are fetched at once."""
OURS_SQL = """
    select schemaname, tablename from pg_tables where schemaname like %s || '\\_%%'
    union
    select schemaname, viewname from pg_views where schemaname = %s
"""

HOLDS_SQL = """
    where lower(told::text) ~ %s or (
        to_jsonb(told) - %s
        - case to_jsonb(told) ->> 'record_kind' when 'opportunity' then 'record_id' else '' end
    )::text ~ %s
    limit 1
"""
"""Parameters: a pattern for everything, columns that hold no keys of persons, one for such keys."""


class Database:
    """The database of an open home, and the files that this machine has of it."""

    def __init__(self, settings: Settings, home: Postgres) -> None:
        """The home's connection holds the lock."""
        self.settings = settings
        self.home = home
        self.files = Files(settings)
        self.private = f"{home.schema}_private"
        self.place = f"{self.private}.{LIST}"

    def suppression(self) -> Suppression | None:
        """The list in its table."""
        if not self._run("select to_regclass(%s)", (self.place,))[0][0]:
            return None
        columns = ", ".join(suppression.COLUMNS)
        rows = self._run(f"select {columns} from {self._list}")
        return suppression.of_rows(((a, b, c) for a, b, c in rows), self.place)

    def suppress(self, listed: Suppression) -> None:
        """Fill the table anew, in one transaction; nobody else has a right on its schema."""
        columns = ", ".join(f"{name} text not null" for name in suppression.COLUMNS)
        self._run(f"create schema if not exists {views.quoted(self.private)}")
        self._run(f"create table if not exists {self._list} ({columns})")
        self.home.con.autocommit = False
        try:
            with self.home.con, views.failing(self.home.con) as cursor:
                cursor.execute(f"delete from {self._list}")
                cursor.executemany(f"insert into {self._list} values (%s, %s, %s)", listed.rows)
        finally:
            self.home.con.autocommit = True

    def tied(self) -> set[str]:
        """What the staging model of that name holds."""
        staging = views.quoted(f"{self.home.schema}_staging")
        return {
            one for (one,) in self._run(f"select person_hash from {staging}.stg_forgotten__people")
        }

    def addresses(self) -> Iterator[list[tuple[str, str]]]:
        """Leads with what tells their persons apart."""
        place = views.quoted(f"{self.home.schema}_intermediate")
        rows = self._run(
            f"select lead_id, email_key from {place}.int_people where email_key is not null"
        )
        yield [(lead_id, address) for lead_id, address in rows]

    def clear(self) -> None:
        """Drop the work schemas and the generation that is not shown; files of this machine too."""
        others = [name for name in GENERATIONS if name != self.home.generation]
        for name in (*others, "staging", "intermediate", "marts"):
            schema = views.quoted(f"{self.home.schema}_{name}")
            self._run(f"drop schema if exists {schema} cascade")
        self.files.clear()

    def found(self, needles: Needles) -> tuple[int, list[str]]:
        """Every table of ours, and the files of this machine."""
        tables = [
            (schema, table)
            for schema, table in self._run(OURS_SQL, (self.home.schema, self.home.schema))
            if schema != self.private
        ]
        left = [
            f"{schema}.{table}"
            for schema, table in tables
            if self._run(
                f"select 1 from {views.quoted(schema)}.{views.quoted(table)} as told {HOLDS_SQL}",
                (needles.folded, list(KEYS_OF_OTHERS), needles.keys),
            )
        ]
        count, files = self.files.found(needles)
        return len(tables) + count, left + files

    def raw_rows(self, needles: Needles, listed: Suppression) -> list[RawRow]:
        """Rows of the raw schemas, which are the loader's: each table is read once, whole."""
        tables: dict[str, list[str]] = {}
        for schema, table in self._run(RAW_SQL, (f"{self.home.schema}%",)):
            tables.setdefault(schema, []).append(table)
        known = layouts(self.settings.project_dir, self.settings.variables)
        named = {schema: {normal(one) for one in names} for schema, names in tables.items()}
        of_crms = layouts_of_crms(named, self.settings.crms, known)
        return [
            RawRow(f"{schema}.{table}", raw_files.row_named(row))
            for schema, layout in of_crms.items()
            for table in tables.get(schema, ())
            for search in [
                raw_files.Search(
                    schema,
                    raw_files.id_columns(known.get(layout), normal(table)),
                    needles,
                    listed,
                )
            ]
            for row in self._raw_rows(schema, table)
            if search.is_of(row)
        ]

    def _raw_rows(self, schema: str, table: str) -> Iterator[dict[str, str | None]]:
        """The rows of a raw table, some at a time: the server keeps the rest."""
        self.home.con.autocommit = False
        try:
            with self.home.con, self.home.con.cursor("raw_rows") as cursor:
                cursor.itersize = BATCH
                cursor.execute(
                    f"select to_jsonb(told) from {views.quoted(schema)}.{views.quoted(table)} told"
                )
                for (cells,) in cursor:
                    yield {
                        name: None if cell is None else str(cell) for name, cell in cells.items()
                    }
        finally:
            self.home.con.autocommit = True

    @property
    def _list(self) -> str:
        return f"{views.quoted(self.private)}.{LIST}"

    def _run(self, sql: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        return views.run(self.home.con, sql, values)


def store(settings: Settings, home: Home) -> Database:
    """The database of the home."""
    return Database(settings, cast("Postgres", home))
