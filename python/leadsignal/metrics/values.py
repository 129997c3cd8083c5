"""Values of filters that stand in no row: most likely slips of the pen."""

import difflib
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from leadsignal.metrics.dimensions import GRAINS
from leadsignal.metrics.filters import Condition

if TYPE_CHECKING:
    import duckdb

    from leadsignal.metrics.catalog import Catalog
    from leadsignal.metrics.planning import Question

Place = tuple[str, str]
"""A table and a column of it."""
NAMED = 8
"""So many of the values that there are get named where none comes near."""
EXACT = ("=", "in")


def unknown_in(
    con: "duckdb.DuckDBPyConnection", condition: Condition, places: Collection[Place]
) -> Iterator[tuple[str, str]]:
    """What is wrong, and what to do, for each value of the condition that no place has.

    A comparison of more or less, and places without any value, leave nothing to be wrong.
    """
    if condition.operator not in EXACT:
        return
    missing = [
        value
        for value in condition.values
        if not any(_stands_in(con, value, place) for place in places)
    ]
    known: dict[str, int] = {}
    for table, column in places if missing else ():
        sql = f'select cast("{column}" as varchar), count(*) from "{table}" group by 1'
        for value, count in con.execute(sql).fetchall():
            if value is not None:
                known[value] = known.get(value, 0) + count
    for value in missing if known else ():
        yield f"No row has the {condition.name} '{value}'.", _hint(value, known)


def unknown(con: "duckdb.DuckDBPyConnection", catalog: "Catalog", asked: "Question") -> list[str]:
    """One line for each value of the question's filters that none of its metrics' tables has."""
    tables = {
        leaf.table: catalog.subjects[leaf.table]
        for metric in asked.metrics
        for leaf in catalog.leaves(metric)
    }
    found = []
    for condition in asked.conditions:
        dimensions = [subject.get(condition.name) for subject in tables.values()]
        places = {(one.table, one.column) for one in dimensions if one}
        if condition.name not in GRAINS and all(catalog.types[one] == "VARCHAR" for one in places):
            found += [" ".join(told) for told in unknown_in(con, condition, sorted(places))]
    return found


def _stands_in(con: "duckdb.DuckDBPyConnection", value: str, place: Place) -> bool:
    table, column = place
    sql = f'select 1 from "{table}" where cast("{column}" as varchar) = ? limit 1'
    # Read to its end: while a result is unfinished, DuckDB refuses what `con.sql` asks next.
    return bool(con.execute(sql, [value]).fetchall())


def _hint(value: str, known: dict[str, int]) -> str:
    by_case = {one.lower(): one for one in known}
    near = difflib.get_close_matches(value.lower(), by_case, n=2, cutoff=0.7)
    if near:
        return f"Did you mean {' or '.join(by_case[one] for one in near)}?"
    most = sorted(known, key=lambda one: (-known[one], one))
    rest = f" and {len(most) - NAMED} more" if most[NAMED:] else ""
    return f"There are: {', '.join(most[:NAMED])}{rest}."
