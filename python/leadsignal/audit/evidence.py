"""What was found for each rule, by our own SQL: exact counts, ids, and the bounds of this build.

Great Expectations judges; but it caps the rows that it returns, and it has to be told what the
months before, and the set published before, would let one expect.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean, stdev

import duckdb

from leadsignal import warehouse
from leadsignal.audit import sql
from leadsignal.audit.rules import Rule
from leadsignal.errors import UsageError

SAMPLE = 20
"""At most so many failing ids are named."""


@dataclass(frozen=True)
class Evidence:
    """What one rule found in the tables."""

    checked: int
    """Rows that it looked at."""
    failing: int
    """Rows of them that break it, be they within its threshold or not."""
    ids: tuple[str, ...]
    """The first failing rows by name."""
    query: str = ""
    """One row with a column `value`: what is compared with the bounds (measures and months)."""
    value: float | None = None
    low: float | None = None
    high: float | None = None
    skipped: str = ""
    """Why there is nothing to judge; empty when there is."""


def gather(
    marts: Path, rules: tuple[Rule, ...], previous: Path | None = None
) -> dict[str, Evidence]:
    """The evidence of each rule, by its id; the file is only read.

    Raises UsageError when the file is no finished set of marts.
    """
    con = warehouse.open_published(marts)
    try:
        missing = _attach(con, previous)
        return {rule.id: _evidence(con, rule, marts, missing) for rule in rules}
    finally:
        con.close()


def _attach(con: duckdb.DuckDBPyConnection, previous: Path | None) -> str:
    """Why there is no set published before to compare with; empty when there is."""
    if previous is None:
        return "No set is published yet."
    try:
        con.execute(warehouse.attach_previous(previous))
        con.execute(f"select count(*) from {warehouse.PREVIOUS}.{warehouse.SCHEMA}.publication")
    except duckdb.Error as error:
        return f"The published set cannot be read: {error}"
    return ""


def _evidence(con: duckdb.DuckDBPyConnection, rule: Rule, marts: Path, missing: str) -> Evidence:
    if missing and sql.is_about_previous(rule):
        return Evidence(0, 0, (), skipped=missing)
    try:
        if rule.monthly:
            return _monthly(con, rule)
        checked = _number(con, f"select count(*) from {rule.table} as checked where {rule.among}")
        if "min_share_of_previous" in rule.limits:
            return _kept(con, rule, int(checked or 0))
        failing = _number(con, f"select count(*) from ({sql.filled(rule)})")
        ids = _first_ids(con, rule) if failing else ()
        if not rule.measure:
            return Evidence(int(checked or 0), int(failing or 0), ids)
        query = sql.looked_at(rule)
        value = _number(con, query)
        return Evidence(
            checked=int(checked or 0),
            failing=int(failing or 0),
            ids=ids,
            query=query,
            value=value,
            high=rule.limits["max_share"],
            skipped="" if value is not None else "There is nothing to measure.",
        )
    except duckdb.Error as error:
        raise UsageError(
            f"{marts} cannot be checked for '{rule.id}': {str(error).splitlines()[0]}.",
            "It is no complete set of marts; run `leadsignal build`.",
        ) from error


def _monthly(con: duckdb.DuckDBPyConnection, rule: Rule) -> Evidence:
    """The last full month against the months before it."""
    months = con.execute(sql.history(rule)).fetchall()
    past = [value for _, value, cases in months[1:] if value is not None and cases is not None]
    needed, least_cases = int(rule.limits["min_months"]), int(rule.limits["min_cases"])
    if len(past) < max(needed, 2):
        return Evidence(len(months), 0, (), skipped=f"Not enough history: {len(past)} full months.")
    month, value, cases = months[0]
    if value is None or cases < least_cases:
        few = f"Only {cases} cases in {month:%Y-%m}, too few to compare."
        return Evidence(len(months), 0, (), skipped=few)
    width = max(rule.limits["deviations"] * stdev(past), rule.limits["min_width"] * mean(past))
    low, high = mean(past) - width, mean(past) + width
    outside = not low <= value <= high
    return Evidence(
        checked=len(months),
        failing=int(outside),
        ids=(f"{month:%Y-%m}",) if outside else (),
        query=f"select value from ({sql.history(rule)}) as history order by month desc limit 1",
        value=float(value),
        low=low,
        high=high,
    )


def _kept(con: duckdb.DuckDBPyConnection, rule: Rule, checked: int) -> Evidence:
    """A number against the same one in the set that is published now."""
    query = sql.looked_at(rule)
    before = replace(rule, table=f"{warehouse.PREVIOUS}.{warehouse.SCHEMA}.{rule.table}")
    then = _number(con, sql.looked_at(before))
    return Evidence(
        checked=checked,
        failing=0,
        ids=(),
        query=query,
        value=_number(con, query),
        low=rule.limits["min_share_of_previous"] * (then or 0),
    )


def _first_ids(con: duckdb.DuckDBPyConnection, rule: Rule) -> tuple[str, ...]:
    found = con.execute(f"select * from ({sql.filled(rule)}) order by 1 limit {SAMPLE}")
    return tuple(str(row[0]) for row in found.fetchall())


def _number(con: duckdb.DuckDBPyConnection, query: str) -> float | None:
    row = con.execute(query).fetchone()
    return None if row is None or row[0] is None else float(row[0])
