"""What was aimed at: the targets of the published set, and whether a number meets one."""

import difflib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from leadsignal.periods import KINDS, Period, containing
from leadsignal.scorecard.figures import Figure

if TYPE_CHECKING:
    import duckdb

ALL = "all"
"""The segment that is not a part."""
ON_TARGET, MISSED, CANNOT_TELL = "on target", "missed", "cannot tell"
EXISTS_SQL = """
    select count(*) from information_schema.tables
    where table_name = 'targets' and table_schema = current_schema()
        and table_catalog = current_database()
"""
TARGETS_SQL = """
    select metric, period_kind, period_start, coalesce(source, 'all') as segment, target
    from targets order by all
"""

Key = tuple[str, str, date, str]
"""Metric, kind of period, its first day, source or 'all'."""


@dataclass(frozen=True)
class Targets:
    """The targets that can be used, and a line for each that cannot."""

    values: Mapping[Key, float] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    def of(self, metric: str, period: Period, segment: str) -> float | None:
        """The target of a metric in a period; None without one."""
        return self.values.get((metric, period.kind, period.start, segment))


def load(con: "duckdb.DuckDBPyConnection", metrics: Collection[str]) -> Targets:
    """The targets of the published set, of these metrics; a set without that table has none."""
    [(is_there,)] = con.execute(EXISTS_SQL).fetchall()
    if not is_there:
        return Targets()
    rows = con.execute(TARGETS_SQL).fetchall()
    sources = {row[0] for row in con.execute("select source from dim_sources").fetchall()}
    warnings = [warning for row in rows for warning in wrong(row, metrics, sources)]
    values = {tuple(row[:4]): float(row[4]) for row in rows if row[4] is not None}
    return Targets(values, tuple(dict.fromkeys(warnings)))


def judged(
    number: Figure, target: float | None, better: str | None, is_answerable: bool
) -> str | None:
    """Whether a number meets its target, where `better` (up or down) says which way is good.

    With an interval, all of it has to lie on one side of the target; without one (a count, an
    amount) the number itself decides.
    """
    if target is None or better is None:
        return None
    if number.value is None or not is_answerable:
        return CANNOT_TELL
    has_interval = number.low is not None
    worst, best = (number.low, number.high) if has_interval else (number.value, number.value)
    if better == "down":
        worst, best = best, worst
    sign = -1 if better == "down" else 1
    if worst is not None and sign * (worst - target) >= 0:
        return ON_TARGET
    return MISSED if best is not None and sign * (best - target) < 0 else CANNOT_TELL


def wrong(row: Any, metrics: Collection[str], sources: Collection[str]) -> Iterator[str]:
    """Why a target (a Key and its number) belongs to no number, of these metrics and sources."""
    metric, kind, start, segment, target = row
    if metric not in metrics:
        near = difflib.get_close_matches(str(metric), metrics, n=1)
        hint = f"did you mean {near[0]}?" if near else "the scorecard names those it shows."
        yield f"The targets name a metric '{metric}' that there is not: {hint}"
    elif kind not in KINDS:
        yield f"A target of {metric} is for a '{kind}': write {', '.join(KINDS)}."
    elif start is None or containing(start, kind).start != start:
        yield f"A target of {metric} starts on {start}, which is no first day of a {kind}."
    elif target is None:
        yield f"A target of {metric} for the {kind} of {start} has no number."
    elif segment not in sources and segment != ALL:
        yield f"A target of {metric} is for a source '{segment}' that no lead or deal has."
