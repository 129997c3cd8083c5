"""The scorecard: every rate of one period with its interval, its change and how far to trust it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from leadsignal.errors import UsageError
from leadsignal.honesty import statistics
from leadsignal.metrics.measures import (
    COST,
    COSTS,
    DURATIONS,
    LOST_AMOUNTS,
    MEASURES,
    NEVER,
    SOURCE,
    UNTIL_CLOSED,
    Measure,
)
from leadsignal.periods import Period
from leadsignal.scorecard import counting
from leadsignal.scorecard.card import Row, Scorecard
from leadsignal.scorecard.comparison import Change, Side, compare, judged
from leadsignal.scorecard.counting import Key, Publication, Tally

if TYPE_CHECKING:
    import duckdb

BY = (None, "source", "owner", "campaign", "month")
MONTHS_SHOWN = 12
GRADES = ("none", "low", "medium", "high")


def scorecard(
    con: "duckdb.DuckDBPyConnection",
    by: str | None = None,
    period: str = "month",
    as_of: str | date | datetime | None = None,
) -> Scorecard:
    """The scorecard of the last period that is complete at `as_of`, beside the one before it.

    `by` is None, source, owner, campaign, or month (the last 12 complete months, each beside the
    month before it). A change is called one only when a test says so, false discoveries held at 5%
    over all rows. Raises UsageError for an unknown `by`, `period` or `as_of`.
    """
    if by not in BY:
        raise UsageError(f"The scorecard has no '{by}'.", "Use source, owner, campaign or month.")
    published = counting.publication(con)
    newest = published.period("month" if by == "month" else period, as_of)
    periods = [newest.before(steps) for steps in range(MONTHS_SHOWN + 1 if by == "month" else 2)]
    maker = _Maker(published, periods, by, _grades(con), _days_to_mature(con))
    rows = [
        *maker.counted(counting.tallies(con, periods, by)),
        *maker.timed(counting.durations(con, periods, by, published.as_of)),
        *maker.paid(counting.costs(con, periods, by)),
    ]
    left_out = counting.without_activities(con, periods)
    return Scorecard(newest, periods[1], published.as_of, by, judged(rows), left_out)


@dataclass(frozen=True)
class _Maker:
    """Turns what was counted into rows."""

    published: Publication
    periods: Sequence[Period]
    by: str | None
    grades: Mapping[int, str]
    mature_days: float | None

    def counted(self, found: Mapping[Key, Mapping[str, Tally]]) -> Iterator[Row]:
        for measure in MEASURES:
            for segment, now, before in self._pairs(found, measure.name):
                sides = (
                    Side(self.periods[place], found.get((measure.name, place, key), {}))
                    for place, key in (now, before)
                )
                yield self._counted_row(measure, segment, *sides)

    def timed(self, found: Mapping[Key, tuple[list[float], list[float]]]) -> Iterator[Row]:
        for duration in DURATIONS:
            for segment, *places in self._pairs(found, duration.name):
                now, before = (found.get((duration.name, *key), ([], [])) for key in places)
                median = statistics.kaplan_meier_median(*now)
                cases = len(now[0]) + len(now[1])
                yield Row(
                    metric=duration.name,
                    segment=segment,
                    axis=duration.axis.name,
                    unit=duration.unit,
                    value=median.value,
                    numerator=len(now[0]),
                    denominator=cases,
                    low=median.low,
                    high=median.high,
                    is_small_sample=cases < self.published.min_sample,
                    previous=statistics.kaplan_meier_median(*before).value,
                    grade=self._grade(duration.questions),
                )

    def paid(self, found: Mapping[Key, Tally]) -> Iterator[Row]:
        for name in COSTS:
            for segment, *places in self._pairs(found, name):
                now, before = (found.get((name, *key), Tally()) for key in places)
                yield Row(
                    metric=name,
                    segment=segment,
                    axis="captured",
                    unit="amount",
                    value=_ratio(now),
                    numerator=now.numerator,
                    denominator=now.denominator,
                    is_small_sample=(now.denominator or 0) < self.published.min_sample,
                    previous=_ratio(before),
                    grade=self._grade((COST,)),
                )

    def _counted_row(self, measure: Measure, segment: str, now: Side, before: Side) -> Row:
        is_count = measure.kind == "count"
        tally, earlier = now.total, before.total
        cases = int((tally.numerator if is_count else tally.denominator) or 0)
        interval = None
        if measure.kind == "rate":
            interval = statistics.wilson(int(tally.numerator or 0), cases)
        change = self._change(measure, now, before)
        return Row(
            metric=measure.name,
            segment=segment,
            axis=measure.axis.name,
            unit="count" if is_count else "rate",
            value=tally.numerator or 0 if is_count else _ratio(tally),
            numerator=tally.numerator or 0,
            denominator=None if is_count else tally.denominator or 0,
            low=interval and interval[0],
            high=interval and interval[1],
            is_small_sample=measure.kind != "share" and cases < self.published.min_sample,
            previous=earlier.numerator if is_count else _ratio(earlier),
            change=change.change,
            cause=change.cause if self.by in (None, "month") else None,
            grade=self._grade(measure.questions),
            p_value=change.p_value,
        )

    def _change(self, measure: Measure, now: Side, before: Side) -> Change:
        age, needed = now.period.days_past(self.published.as_of), float(measure.settle_days)
        if measure.settle_days == UNTIL_CLOSED:
            needed = NEVER if self.mature_days is None else self.mature_days
        return compare(measure, now, before, age >= needed, self.published.min_sample)

    def _grade(self, questions: tuple[int, ...]) -> str | None:
        """The worst grade of the questions behind a number; None when it needs none answered."""
        asked = (*questions, SOURCE) if self.by == "source" else questions
        known = [self.grades[question] for question in asked if question in self.grades]
        return min(known, key=GRADES.index) if known else None

    def _pairs(
        self, found: Mapping[Key, Any], metric: str
    ) -> Iterator[tuple[str, tuple[int, str], tuple[int, str]]]:
        """Each row's segment, and where its counts are, now and before: (period, segment)."""
        if self.by == "month":
            for place, period in enumerate(self.periods[:-1]):
                yield period.label, (place, "all"), (place + 1, "all")
        elif self.by is None:
            yield "all", (0, "all"), (1, "all")
        else:
            for segment in _by_size(found, metric):
                yield segment, (0, segment), (1, segment)


def _by_size(found: Mapping[Key, Any], metric: str) -> list[str]:
    """The segments of a metric, the one with most cases first."""
    sizes: dict[str, float] = defaultdict(float)
    for (name, place, segment), counted in found.items():
        if name == metric:
            sizes[segment] += _size(counted) if place == 0 else 0
    return sorted(sizes, key=lambda segment: (-sizes[segment], segment))


def _size(counted: Any) -> float:
    if isinstance(counted, Tally):
        return counted.denominator or 0
    if isinstance(counted, tuple):
        return sum(map(len, counted))
    return sum(tally.denominator or 0 for tally in counted.values())


def _ratio(tally: Tally) -> float | None:
    if tally.numerator is None or not tally.denominator:
        return None
    return tally.numerator / tally.denominator


LOST_AMOUNTS_SQL = """
    select count(*), count(*) filter (amount > 0) from fct_opportunities where outcome = 'lost'
"""


def _grades(con: "duckdb.DuckDBPyConnection") -> dict[int, str]:
    grades = dict(con.execute("select question_order, grade from crm_trust").fetchall())
    [(lost, priced)] = con.execute(LOST_AMOUNTS_SQL).fetchall()
    if lost and not priced:
        grades[LOST_AMOUNTS] = "low"
    return grades


def _days_to_mature(con: "duckdb.DuckDBPyConnection") -> float | None:
    """Days in which 90% of the deals that closed had closed; None when none has."""
    found = con.execute("select quantile_cont(days_to_close, 0.9) from fct_opportunities")
    [(days,)] = found.fetchall()
    return None if days is None else float(days)
