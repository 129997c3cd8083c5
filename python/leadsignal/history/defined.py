"""The definitions of every build: which rows of the seeds, and which settings, it began to use."""

import csv
import json
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow
import yaml

from leadsignal.history.carrying import BEFORE, Build, carry, columns
from leadsignal.settings import PROJECT_FILE

TABLE = "definition_history"
SEEDS = Path("seeds", "definition")
TRUST = "trust_"
"""Seeds that begin with it judge no lead."""
SETTINGS = "settings"
"""Stands for a seed where the row is a setting: its name and value."""
NO_DEFINITION = ("as_of", "contract_version", "raw_described", "raw_path", "readers")
"""Settings that say where things are, not what a number means."""
ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
ADDED, REMOVED = "added", "removed"
SCHEMA = pyarrow.schema([(name, pyarrow.string()) for name in ("seed", "line")])
IN_FORCE_SQL = """
    select seed, line from {table}
    qualify row_number() over (partition by seed, line order by build_number desc) = 1
        and change = 'added'
"""
CHANGES_SQL = """
    with earlier as ({earlier}), later as (select seed, line from defined)
    select {number} as build_number, '{build_id}' as build_id, seed, line, 'added' as change
    from (from later except from earlier)
    union all
    select {number}, '{build_id}', seed, line, 'removed'
    from (from earlier except from later)
"""
SINCE_SQL = """
    with moved as (
        select
            seed, line,
            arg_min(change, build_number) as first,
            arg_max(change, build_number) as last
        from definition_history where build_number > $number group by all
    )
    select last, seed, line from moved where first = last order by seed, last desc, line
"""
"""A row that was taken out and put back is no change."""


@dataclass(frozen=True)
class Defined:
    """A row of a seed, or a setting, that a later build uses (added) or uses no more (removed)."""

    change: str
    seed: str
    row: dict[str, str]

    def __str__(self) -> str:
        """One line, as a difference of two files has it."""
        told = ", ".join(f"{name} {value}" for name, value in self.row.items() if value)
        return f"{'+' if self.change == ADDED else '-'} {self.seed}: {told}"


def keep(con: duckdb.DuckDBPyConnection, build: Build, project: Path | None) -> None:
    """Write definition_history: what earlier builds began to use, and what this one does.

    Without a project, what is carried over stays the last word. Raises BuildFailed as `carry`.
    """
    known = bool(columns(con, f"{BEFORE}.{TABLE}"))
    earlier = in_force_sql(f"{BEFORE}.{TABLE}") if known else "from defined where false"
    told = _of_project(project) if project else []
    con.register("defined", pyarrow.Table.from_pylist(told, SCHEMA))
    sql = CHANGES_SQL.format(earlier=earlier, number=build.number, build_id=build.build_id)
    carry(con, TABLE, sql if project else f"from ({sql}) where false")
    con.unregister("defined")


def in_force_sql(table: str) -> str:
    """A query for the rows in force at the last build of such a table: seed, line."""
    return IN_FORCE_SQL.format(table=table)


def since(con: duckdb.DuckDBPyConnection, number: int) -> tuple[Defined, ...]:
    """What the builds after that number began to use, or no longer use.

    Nothing where the set had not kept its definitions by that build.
    """
    if not columns(con, TABLE) or number < _first(con):
        return ()
    rows = con.execute(SINCE_SQL, {"number": number}).fetchall()
    return tuple(Defined(change, seed, json.loads(line)) for change, seed, line in rows)


def is_known(con: duckdb.DuckDBPyConnection, number: int) -> bool:
    """Whether the definitions of that build were kept."""
    return bool(columns(con, TABLE)) and number >= _first(con)


def is_edited(
    con: duckdb.DuckDBPyConnection, changes: Collection[Defined], as_of: datetime
) -> bool:
    """Whether leads may be judged anew whose `definition_version` stays what it was.

    So they are where a row is gone or another, and where one begins or ends no later than the
    newest date that a definition had: the version is the newest date up to a lead's day.
    """
    changes = [one for one in changes if not one.seed.startswith(TRUST)]
    if not changes:  # maybe because the set keeps no definitions
        return False
    before, after = _spans(changes, REMOVED), _spans(changes, ADDED)
    then = [one.row for one in changes if one.change == REMOVED]
    for seed, found in seeds(con).items():
        then += [row for row in found if Defined(ADDED, seed, row) not in changes]
    dates = [row.get(name, "") for row in then for name in ("valid_from", "valid_to")]
    newest = max((date for date in dates if date <= as_of.date().isoformat()), default="")
    moved = [
        min(filter(None, (end, before[row][1])), default="") if row in before else begin
        for row, (begin, end) in after.items()
    ]
    return bool(before.keys() - after.keys()) or any(date <= newest for date in moved)


def _spans(changes: Iterable[Defined], change: str) -> dict[str, tuple[str, str]]:
    """From when and until when a row holds, by what else it says. A new setting judges nothing."""
    return {
        json.dumps([one.seed, {**one.row, "valid_to": ""}]): (
            one.row.get("valid_from", ""),
            one.row.get("valid_to", ""),
        )
        for one in changes
        if one.change == change and (one.seed, change) != (SETTINGS, ADDED)
    }


def seeds(con: duckdb.DuckDBPyConnection) -> dict[str, list[dict[str, str]]]:
    """The rows in force at the last build, by seed; the settings among them."""
    found: dict[str, list[dict[str, str]]] = {}
    for seed, line in con.execute(f"{in_force_sql(TABLE)} order by seed, line").fetchall():
        found.setdefault(seed, []).append(json.loads(line))
    return found


def _first(con: duckdb.DuckDBPyConnection) -> int:
    """The first build whose definitions are known; far away for none."""
    [(number,)] = con.execute(f"select min(build_number) from {TABLE}").fetchall()
    return 10**9 if number is None else int(number)


def _of_project(project: Path) -> list[dict[str, str]]:
    found = [
        {"seed": file.stem, "line": json.dumps(row)}
        for file in sorted((project / SEEDS).glob("*.csv"))
        for row in map(without_addresses, rows(file))
    ]
    told = yaml.safe_load((project / PROJECT_FILE).read_text(encoding="utf-8")).get("vars") or {}
    return found + [
        {"seed": SETTINGS, "line": json.dumps({"name": name, "value": json.dumps(value)})}
        for name, value in told.items()
        if name not in NO_DEFINITION
    ]


def without_addresses(row: dict[str, str]) -> dict[str, str]:
    """The row as it is kept: a rule may name an e-mail address, and the table is published."""
    return {name: ADDRESS.sub("(e-mail address)", value) for name, value in row.items()}


def rows(file: Path) -> Iterator[dict[str, str]]:
    """The rows of a seed, each cell trimmed."""
    with file.open(encoding="utf-8-sig", newline="") as opened:
        for row in csv.DictReader(opened):
            yield {name: (value or "").strip() for name, value in row.items() if name}
