"""Which numbers of an earlier build are different today, by how much, and by which rows."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import duckdb
import pyarrow

from leadsignal.history import defined, rows, why
from leadsignal.history.builds import builds, find
from leadsignal.history.changed import Cause, Changed, Restated
from leadsignal.history.reported import rows_of
from leadsignal.history.versions import VERSIONS
from leadsignal.metrics import definitions
from leadsignal.metrics.definitions import AS_OF, Metric
from leadsignal.periods import Period, containing
from leadsignal.scorecard import counting
from leadsignal.scorecard.measured import SHOWN

Key = tuple[str, date, str, str]
KEY = ("period_kind", "period_start", "metric", "segment")
RULES = {"lead_versions": why.LEADS, "opportunity_versions": why.DEALS}
ORDER = ("month", "quarter", "week")
SAME = 1e-9
"""Numbers that differ by less than this, relative to their size, are the same."""
SCHEMA = pyarrow.schema(
    [(name, pyarrow.date32() if name == "period_start" else pyarrow.string()) for name in KEY]
)
THEN_SQL = "select * from scorecard_history where build_number = $number"


def changed(con: duckdb.DuckDBPyConnection, since: str | date | datetime) -> Changed:
    """The numbers that a build reported and that are different in the published set, explained.

    `since` is a build's id, or the date (or moment) by which it had been published. A number is of
    a week, month or quarter, of all or of a source. What its causes moved sums up to the
    difference. Raises UsageError when there is no such build or the set keeps no history.
    """
    timezone = counting.publication(con).reporting_timezone
    reported, newest = find(con, since, timezone), builds(con)[-1]
    known = {name: metric for name, metric in definitions.load(con).items() if metric.axis != AS_OF}
    then = _by_key(counting.records(con, THEN_SQL, {"number": reported.number}), known)
    periods = {
        kind: [
            containing(day, kind, timezone)
            for day in sorted({key[1] for key in then if key[0] == kind})
        ]
        for kind in ORDER
    }
    now = _by_key((row for p in periods.values() if p for row in rows_of(con, p)), known)
    numbers = [
        _restated(known[key[2]], key, then.get(key, {}), now.get(key, {}))
        for key in sorted(then.keys() | now.keys(), key=_order)
    ]
    found = [number for number in numbers if not _is_same(number)]
    redefined = defined.since(con, reported.number)
    is_edited = defined.is_edited(con, redefined, newest.as_of)
    metrics = [known[number.metric] for number in found]
    moved = _moved(con, found, metrics, periods, reported.number, is_edited=is_edited)
    return Changed(reported, newest, tuple(_explained(known, found, moved)), moved, redefined)


def _by_key(rows: Iterable[Mapping[str, Any]], known: Mapping[str, Metric]) -> dict[Key, Any]:
    return {
        (row["period_kind"], row["period_start"], row["metric"], row["segment"]): row
        for row in rows
        if row["metric"] in known
    }


def _order(key: Key) -> tuple[Any, ...]:
    """What is of all before the sources, months first, newest first, as the scorecard has them."""
    kind, start, metric, segment = key
    is_part = segment != why.ALL
    return is_part, ORDER.index(kind), -start.toordinal(), SHOWN.index(metric), segment


def _restated(
    metric: Metric, key: Key, then: Mapping[str, Any], now: Mapping[str, Any]
) -> Restated:
    kind, start, name, segment = key
    return Restated(
        period_kind=kind,
        period_start=start,
        metric=name,
        segment=segment,
        unit=metric.unit,
        value_then=then.get("value"),
        value_now=now.get("value"),
        numerator_then=then.get("numerator"),
        numerator_now=now.get("numerator"),
        denominator_then=then.get("denominator"),
        denominator_now=now.get("denominator"),
        rows_are="deal" if metric.table == "fct_opportunities" else "lead",
    )


def _is_same(number: Restated) -> bool:
    """Whether it says what it said; to count nothing and not to be counted are the same."""
    pairs = [
        (number.numerator_then or 0, number.numerator_now or 0),
        (number.denominator_then or 0, number.denominator_now or 0),
        (number.value_then or 0, number.value_now or 0),
    ]
    return all(abs(now - then) <= SAME * max(1, abs(then), abs(now)) for then, now in pairs)


def _moved(
    con: duckdb.DuckDBPyConnection,
    numbers: Sequence[Restated],
    metrics: Sequence[Metric],
    periods: Mapping[str, Sequence[Period]],
    number: int,
    *,
    is_edited: bool,
) -> pyarrow.Table:
    wanted = [{name: getattr(each, name) for name in KEY} for each in numbers]
    asked = [
        {"period_kind": kind, "starts_on": period.start, "ends_on": period.end}
        for kind, some in periods.items()
        for period in some
    ]
    con.register("restated", pyarrow.Table.from_pylist(wanted, SCHEMA))
    con.register("asked_periods", pyarrow.Table.from_pylist(asked))
    tables = []
    for versions, rules in RULES.items():
        counted = {
            one.name: one
            for one in metrics
            if one.table == VERSIONS[versions][0] and one.kind != "derived"
        }
        known = rules.unsure() if is_edited else rules
        tables += rows.moved(con, versions, known, list(counted.values()), number)
    con.unregister("restated")
    con.unregister("asked_periods")
    return pyarrow.concat_tables(tables) if tables else rows.NOTHING


def _explained(
    known: Mapping[str, Metric], numbers: Iterable[Restated], moved: pyarrow.Table
) -> Iterable[Restated]:
    """The numbers with their causes; what no row explains has a cause of its own."""
    grouped = moved.group_by([*KEY, "cause"]).aggregate(
        [("numerator", "sum"), ("denominator", "sum"), ("id", "count")]
    )
    causes: dict[Key, list[Cause]] = defaultdict(list)
    for row in grouped.to_pylist():
        key = (row["period_kind"], row["period_start"], row["metric"], row["segment"])
        causes[key].append(
            Cause(row["cause"], row["id_count"], row["numerator_sum"], row["denominator_sum"])
        )
    for number in numbers:
        key = (number.period_kind, number.period_start, number.metric, number.segment)
        yield _with(number, known[number.metric], causes[key])


def _with(number: Restated, metric: Metric, causes: list[Cause]) -> Restated:
    rest = Cause(
        _unexplained(metric, number),
        rows=0,
        numerator=number.numerator - math.fsum(cause.numerator for cause in causes),
        denominator=number.denominator - math.fsum(cause.denominator for cause in causes),
    )
    most = max(1, abs(number.numerator), abs(number.denominator))
    if not causes or max(abs(rest.numerator), abs(rest.denominator)) > SAME * most:
        causes = [*causes, rest]
    causes.sort(key=lambda one: (-abs(one.numerator) - abs(one.denominator), one.cause))
    return replace(number, causes=tuple(causes))


def _unexplained(metric: Metric, number: Restated) -> str:
    """Why a number moved, or the rest of it, where no lead or deal did it."""
    if metric.kind == "derived":
        return why.BY_INPUTS
    if metric.table not in (facts for facts, _ in VERSIONS.values()):
        return why.SPEND
    if metric.kind == "duration" and number.numerator == number.denominator == 0:
        return why.TIMES
    return why.DEFINITION
