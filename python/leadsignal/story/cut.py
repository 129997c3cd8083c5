"""A published set seen through a filter: the leads of one source, channel or CRM, and no others.

Whatever reads the set through the narrowed connection, the scorecard or an alarm, compares inside
the cut without knowing of it.
"""

import difflib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from leadsignal import warehouse
from leadsignal.errors import UsageError
from leadsignal.evidence import conditions, written
from leadsignal.metrics.filters import Condition, Where
from leadsignal.metrics.values import unknown_in
from leadsignal.words import listing, plain_name, quoted, source_name

if TYPE_CHECKING:
    import duckdb

COLUMNS = {
    **{name: name for name in ("source", "channel", "demand_type", "campaign", "offer", "crm")},
    **{name: name for name in ("industry", "country_code", "company_size")},
    **{"owner": "owner_id", "company": "company_id"},
}
"""What leads and deals can both be cut by, and the column of each."""
OF_SPEND = ("source", "channel", "demand_type")
"""Spend is known by source alone: any other cut has none."""
FACTS = ("fct_leads", "fct_opportunities")
SPEND = "lead_quality_by_source"
PHRASES = {
    "channel": "in the channel {}",
    "demand_type": "of {} demand",
    "campaign": "of the campaign {}",
    "offer": "that answered the offer {}",
    "crm": "in the CRM {}",
    "industry": "of companies in the industry {}",
    "country_code": "of companies in the country {}",
    "company_size": "of companies with {} employees",
    "company": "of the company {}",
    "owner": "of the owner {}",
}
NAMES_OF_PEOPLE = ("campaign", "offer", "industry")
"""Values that people typed."""


def parsed(where: Where) -> tuple[Condition, ...]:
    """The conditions of a cut. Raises UsageError for what leads and deals cannot be cut by."""
    found = conditions(where)
    for one in found:
        if one.name not in COLUMNS:
            near = difflib.get_close_matches(one.name, COLUMNS, n=1, cutoff=0.6)
            raise UsageError(
                f"A story cannot be cut by '{one.name}'.",
                f"Did you mean {near[0]}?" if near else f"Use one of: {', '.join(COLUMNS)}.",
            )
    return found


def check_values(con: "duckdb.DuckDBPyConnection", where: tuple[Condition, ...]) -> None:
    """Raises UsageError for a value that no lead, no deal and no source of the definitions has."""
    for one in where:
        tables = (*FACTS, "dim_sources") if one.name in OF_SPEND else FACTS
        for what, hint in unknown_in(con, one, [(table, COLUMNS[one.name]) for table in tables]):
            raise UsageError(what, hint)


@contextmanager
def inside(
    con: "duckdb.DuckDBPyConnection", where: tuple[Condition, ...]
) -> "Iterator[duckdb.DuckDBPyConnection]":
    """A connection that sees only the rows where the conditions hold."""
    if not where:
        yield con
        return
    [(catalog, schema)] = con.execute("select current_database(), current_schema()").fetchall()
    place = f'"{catalog}"."{schema}"'
    narrowed = con.cursor()
    try:
        narrowed.execute(f"use {place}")
        for table in FACTS:
            _shadow(narrowed, place, table, where)
        if all(one.name in OF_SPEND for one in where):
            sources = f"select source from {place}.dim_sources where {_sql(where)}"
            _view(narrowed, place, SPEND, f"source in ({sources})")
        else:
            _view(narrowed, place, SPEND, "false")
        yield narrowed
    finally:
        narrowed.close()


def _shadow(
    con: "duckdb.DuckDBPyConnection", place: str, table: str, where: tuple[Condition, ...]
) -> None:
    _view(con, place, table, _sql(where))


def _view(con: "duckdb.DuckDBPyConnection", place: str, table: str, holds: str) -> None:
    con.execute(f"create temp view {table} as select * from {place}.{table} where {holds}")


def _sql(where: tuple[Condition, ...]) -> str:
    """The conditions with their values as escaped literals: a view takes no parameters."""
    return " and ".join(
        one.sql(f'"{COLUMNS[one.name]}"', "varchar", [*map(warehouse.literal, one.values)])
        for one in where
    )


def in_words(where: tuple[Condition, ...]) -> str:
    """After 'the leads': 'from webinars', 'of paid demand in the CRM “hubspot”'."""
    return " ".join(map(_phrase, where))


def _phrase(one: Condition) -> str:
    if one.operator not in ("=", "in"):
        return f"where {written(one).replace(one.name, one.name.replace('_', ' '), 1)}"
    if one.name == "source":
        return f"from {listing([source_name(value) for value in one.values], 'or')}"
    is_typed = one.name in NAMES_OF_PEOPLE
    values = [quoted(value) if is_typed else plain_name(value) for value in one.values]
    return PHRASES[one.name].format(listing(values, "or"))
