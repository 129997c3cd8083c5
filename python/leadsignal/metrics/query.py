"""A wide table for people: a row for each group, a column for each metric and its two counts."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from leadsignal.metrics import answering, catalog, filters, planning, values
from leadsignal.metrics.definitions import Metric

if TYPE_CHECKING:
    import duckdb


def query(
    con: "duckdb.DuckDBPyConnection",
    metrics: str | Sequence[str],
    by: str | Sequence[str] = (),
    where: filters.Where = None,
    grain: str | None = None,
    start: str | date | None = None,
    end: str | date | None = None,
    tell: Callable[[str], None] | None = None,
) -> pa.Table:
    """One row per group of `by`, sorted: the dimensions, then each metric.

    A ratio (null over nothing) is preceded by its `<metric>_numerator` and `<metric>_denominator`;
    a rate and a median are followed by their 95% interval, `<metric>_low` and `<metric>_high`, and
    by `<metric>_is_small_sample`: fewer cases than `min_sample`. Of a ratio or a median behind
    which a question of crm_trust lies, `<metric>_grade` is last: what is low is not answerable.
    The arguments are those of `Metrics.query`, and so are the errors. `tell` is given a line for
    each value of a filter that stands in no row.
    """
    known = catalog.read(con)
    asked = planning.question(known, metrics, by, where, grain, start, end)
    if tell:
        for line in values.unknown(con, known, asked):
            tell(line)
    long = answering.answer(con, known, asked)
    columns: dict[str, Any] = {}
    for place, metric in enumerate(asked.metrics):
        rows = long.take(pa.array(range(place, long.num_rows, len(asked.metrics)), pa.int64()))
        columns |= {name: rows.column(name) for name in asked.by} if place == 0 else {}
        columns |= _columns(metric, rows)
        is_count = metric.kind != "duration" and not metric.is_ratio
        if not is_count and known.grade(metric, asked.by_source):
            columns[f"{metric.name}_grade"] = rows.column("grade")
    return pa.table(columns)


def _columns(metric: Metric, rows: pa.Table) -> dict[str, Any]:
    value = rows.column("value")
    sure = ("low", "high", "is_small_sample")
    how_sure = {f"{metric.name}_{name}": rows.column(name) for name in sure}
    if metric.kind == "count":
        return {metric.name: value.cast(pa.int64())}
    if metric.kind == "duration":
        return {metric.name: value, **how_sure}
    if not metric.is_ratio:
        return {metric.name: value}
    counts = ("numerator", "denominator") if metric.kind == "rate" else ("denominator",)
    both = {name: rows.column(name) for name in ("numerator", "denominator")}
    if metric.kind != "share":
        both |= {name: both[name].cast(pa.int64()) for name in counts}
    counted = {f"{metric.name}_{name}": column for name, column in both.items()}
    return counted | {metric.name: value} | (how_sure if metric.kind == "rate" else {})
