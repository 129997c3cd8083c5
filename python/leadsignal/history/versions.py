"""Rows as they stood in earlier published sets, kept where the next set says otherwise."""

import duckdb

from leadsignal.history.carrying import BEFORE, Build, carry, columns

VERSIONS = {
    "lead_versions": ("fct_leads", "lead_id"),
    "opportunity_versions": ("fct_opportunities", "opportunity_id"),
}
"""Table of versions: the table whose rows it keeps, and its key."""


def keep(con: duckdb.DuckDBPyConnection, build: Build) -> None:
    """Write both tables of versions: those carried over, and what this build changes.

    Columns that only one of the two sets has, or that changed their type, are no change. Raises
    BuildFailed as `carry`.
    """
    for table in VERSIONS:
        carry(con, table, _changes(con, build, table))


def state(con: duckdb.DuckDBPyConnection, table: str, number: int, only: str = "true") -> str:
    """A query for the rows of the table that `table` keeps versions of, as they stood at a build.

    `only` is a condition on the key. Columns that were not known then are null.
    """
    facts, key = VERSIONS[table]
    names = ", ".join(f'"{name}"' for name in columns(con, facts))
    return f"""(
        with superseded as (
            select * from {table} where build_number > {number} and {only}
            qualify row_number() over (partition by {key} order by build_number) = 1
        )
        select {names} from superseded where change <> 'new'
        union all by name
        select {names} from {facts}
        where {only} and {key} not in (select {key} from superseded)
    )"""


def _changes(con: duckdb.DuckDBPyConnection, build: Build, table: str) -> str:
    facts, key = VERSIONS[table]
    then, now = columns(con, f"{BEFORE}.{facts}"), columns(con, facts)
    both = [name for name in now if now[name] == then.get(name) and name != key]
    if build.number == 1 or key not in then:
        return f"select * from {table} where false"
    differs = " or ".join(f'earlier."{name}" is distinct from later."{name}"' for name in both)
    kept = "".join(f', earlier."{name}"' for name in both)
    return f"""
        select
            {build.number} as build_number,
            '{build.build_id}' as build_id,
            case
                when earlier.{key} is null then 'new' when later.{key} is null then 'gone'
                else 'changed'
            end as change,
            coalesce(earlier.{key}, later.{key}) as {key}
            {kept}
        from {BEFORE}.{facts} as earlier
        full join {facts} as later on earlier.{key} = later.{key}
        where earlier.{key} is null or later.{key} is null or {differs}
    """
