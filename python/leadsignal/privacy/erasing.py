"""What every build does for the forgotten, and for what is older than it may be kept.

The models leave both out of the tables that they make; the set published before, out of which
history is carried on, has them still. It is copied without them before anything else reads it.
"""

from datetime import date
from pathlib import Path

import duckdb

from leadsignal import warehouse
from leadsignal.errors import BuildFailed
from leadsignal.privacy.searching import key_of_person
from leadsignal.privacy.stores import Store
from leadsignal.settings import Settings

BEFORE = f"{warehouse.PREVIOUS}.{warehouse.SCHEMA}"
IDS = ("lead_id", "person_id", "record_id", "raw_id")
"""Columns with keys of persons' records, in whatever published table."""
UNLINKED = ("fct_opportunities", "opportunity_versions")
"""Tables of deals: they stay, without the person they came from."""
DATED = {
    "lead_id": ("fct_leads", "lead_versions", "created_on"),
    "opportunity_id": ("fct_opportunities", "opportunity_versions", "closed_on"),
}
"""By key: the rows as they are, as they were, and the day that says whether one is past
retention. A version of a row that is new has no day: it goes with the others of its key."""
PAST_SQL = """
    select {key} as id from {before}.{facts} where {day} < date '{oldest}'
    union
    select {key} from {before}.{versions}
    where {key} not in (select {key} from {before}.{facts})
    group by {key} having max({day}) < date '{oldest}'
"""
FIRST_DAY_SQL = """
    select cast(
        timezone(reporting_timezone, timezone('UTC', as_of)) as date
    ) - to_months({months}) from publication
"""


class Erasing:
    """One build's care for them. `removed` and `ids` tell afterwards what was done."""

    def __init__(self, settings: Settings, store: Store | None) -> None:
        """Raises UsageError when the list of the store is broken."""
        self.settings = settings
        self.store = store
        self.suppression = store.suppression() if store else None
        self.removed: dict[str, int] = {}
        """Rows that the set published before had of forgotten persons, by table."""
        self.ids: set[str] = set()
        """Their keys, as that set had them."""

    def remembered(self, previous: Path | None, marts: Path) -> Path | None:
        """The set published before, without what must not be carried on from it.

        It is `previous` itself when nothing is to go, else a copy in the work place. `marts` is the
        set just made. Raises BuildFailed when either cannot be read.
        """
        if previous is None or not previous.is_file():
            return previous
        copy = self.settings.work / "remembered.duckdb"
        try:
            with duckdb.connect() as con:
                con.execute(warehouse.bounds(copy))
                con.execute(f"attach {warehouse.quoted(marts)} as {warehouse.CATALOG} (read_only)")
                con.execute(warehouse.attach_previous(previous))
                con.execute(f"use {warehouse.CATALOG}.{warehouse.SCHEMA}")
                conditions = self._conditions(con)
                if not conditions:
                    return previous
                _copy(con, conditions, copy)
        except duckdb.Error as error:
            raise BuildFailed(
                f"{previous} cannot be copied without forgotten persons and what is past"
                f" retention: {str(error).splitlines()[0]}.",
                "Run `leadsignal build` again.",
            ) from error
        return copy

    def _conditions(self, con: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
        """Table -> conditions of rows that go (or lose their lead); only of those that have some.

        The ids that are gone stand in the temporary table `gone` afterwards.
        """
        columns = _columns(con)
        keyed = {
            table: [key_of_person(name, own) for name in IDS if name in own]
            for table, own in columns.items()
        }
        self._find_ids(con, keyed)
        ways = {
            table: [f"{key} in (select id from gone)" for key in keys]
            for table, keys in keyed.items()
        }
        counts = {table: _count(con, table, own) for table, own in ways.items()}
        self.removed = {table: count for table, count in counts.items() if count}
        if oldest := self._first_kept_day(con):
            for key, (facts, versions, day) in DATED.items():
                if all({key, day} <= set(columns.get(table, ())) for table in (facts, versions)):
                    names = {"key": key, "facts": facts, "versions": versions, "day": day}
                    sql = PAST_SQL.format(before=BEFORE, oldest=oldest, **names)
                    con.execute(f"create temp table past_{key} as {sql}")
                    for table in (facts, versions):
                        ways[table] += [
                            f"{day} < date '{oldest}'", f"{key} in (select id from past_{key})"
                        ]  # fmt: skip
                    if key == "lead_id":  # deals lose such leads as well
                        con.execute(f"insert into gone from past_{key}")
        return {table: own for table, own in ways.items() if _count(con, table, own)}

    def _find_ids(self, con: duckdb.DuckDBPyConnection, keyed: dict[str, list[str]]) -> None:
        con.execute("create temp table gone (id varchar)")
        if not self.suppression or not self.store:
            return
        hashes = sorted(self.suppression.days.keys() | self.store.tied())
        ids = " union ".join(
            f"select {key} as id from {BEFORE}.{table}"
            for table, keys in keyed.items()
            for key in keys
        )
        con.execute(
            f"insert into gone select id from ({ids}) as ids"
            " where sha256(? || 'id:' || id) in (select unnest(?))",
            [self.suppression.salt, hashes],
        )
        self.ids = {one for (one,) in con.execute("select id from gone").fetchall()}

    def _first_kept_day(self, con: duckdb.DuckDBPyConnection) -> date | None:
        if not self.settings.retention_months:
            return None
        con.execute("set TimeZone = 'UTC'")
        sql = FIRST_DAY_SQL.format(months=self.settings.retention_months)
        [(day,)] = con.execute(f"select cast(day as date) from ({sql}) as days (day)").fetchall()
        return date.fromisoformat(str(day))


def _columns(con: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Tables of the set published before, and their columns."""
    found: dict[str, list[str]] = {}
    rows = con.execute(
        "select table_name, column_name from duckdb_columns()"
        " where database_name = ? and schema_name = ? order by table_name, column_index",
        [warehouse.PREVIOUS, warehouse.SCHEMA],
    )
    for table, column in rows.fetchall():
        found.setdefault(table, []).append(column)
    return found


def _count(con: duckdb.DuckDBPyConnection, table: str, ways: list[str]) -> int:
    if not ways:
        return 0
    sql = f'select count(*) from {BEFORE}."{table}" where {" or ".join(ways)}'
    return int(con.execute(sql).fetchall()[0][0])


def _copy(con: duckdb.DuckDBPyConnection, conditions: dict[str, list[str]], copy: Path) -> None:
    """Write the tables into a new file: what DuckDB deletes stays in the blocks of the old one."""
    copy.unlink(missing_ok=True)
    con.execute(f"attach {warehouse.quoted(copy)} as copied")
    con.execute(f"create schema copied.{warehouse.SCHEMA}")
    for table in _columns(con):
        select, kept = "*", conditions.get(table, [])
        if table in UNLINKED and any(one.startswith('"lead_id"') for one in kept):
            select = (
                "* replace (case when lead_id not in (select id from gone) then lead_id end"
                " as lead_id)"
            )
            kept = [one for one in kept if not one.startswith('"lead_id"')]
        where = f"where not coalesce({' or '.join(kept)}, false)" if kept else ""
        con.execute(
            f'create table copied.{warehouse.SCHEMA}."{table}" as'
            f' select {select} from {BEFORE}."{table}" {where}'
        )
    con.execute("detach copied")
