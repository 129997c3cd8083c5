"""Metrics as they are asked for, against the same in plain Python over the oracle's facts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from leadsignal.metrics import Metrics
from oracle import Tables
from oracle.metrics import METRICS, Answer, Group, answers, wilson

from .compare import same

MIN_SAMPLE = 30
NAMES = [*METRICS, "sales_velocity"]
# What has no months can't be asked for by them.
MONTHLY = [name for name in NAMES if name == "sales_velocity" or METRICS[name].day]
# A count or a sum of a group that another metric alone has: nothing is not a number.
NOTHING = (None, 0)


def differences(metrics: Metrics, tables: Tables, as_of: datetime) -> list[str]:
    """One line per number that is not the same on both roads: by source, and by month of its axis.

    Args:
        metrics: open on a published set of the same rows as `tables`.
    """
    found: list[str] = []
    for names, by in ((MONTHLY, ("source", "month")), (NAMES, ("source",))):
        rows = metrics.query(names, by=by).to_pylist()
        published = {(row["metric"], row["source"], row.get("month")): row for row in rows}
        for name in names:
            expected = answers(name, tables, as_of, by_month="month" in by)
            found += _of_metric(name, published, expected)
    return found


def _of_metric(
    name: str, published: dict[tuple[str, str | None, date | None], Any], expected: dict[Group, Any]
) -> Iterator[str]:
    groups = {(source, month) for metric, source, month in published if metric == name}
    for group in sorted(groups | expected.keys(), key=str):
        row = published.get((name, *group), {})
        answer = expected.get(group, Answer(None, None, None))
        for column in ("value", "numerator", "denominator"):
            got, wanted = row.get(column), getattr(answer, column)
            is_told = column == "value" or name != "sales_velocity"
            if is_told and not (same(got, wanted) or (got in NOTHING and wanted in NOTHING)):
                yield f"{name} {group} {column}: published {got!r}, expected {wanted!r}"
        yield from _honesty(name, group, row, answer)


def _honesty(name: str, group: Group, row: dict[str, Any], answer: Answer) -> Iterator[str]:
    """The interval of a rate, and whether there are few cases; a share of amounts tells none."""
    cases = answer.denominator
    if not cases or name == "value_win_rate":
        return
    few = row.get("is_small_sample")
    if few != (cases < MIN_SAMPLE):
        yield f"{name} {group}: {cases:.0f} cases, small sample {few}"
    if name.endswith(("_rate", "_share")):
        expected = wilson(answer.numerator or 0, cases)
        got = (row.get("low"), row.get("high"))
        if not all(map(same, got, expected)):
            yield f"{name} {group}: interval {got}, expected {expected}"
