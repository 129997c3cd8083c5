"""The scorecard: every rate of one period with its interval, its change and how far to trust it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from leadsignal.errors import UsageError
from leadsignal.honesty.grades import SOURCE, Grade, grades, worst
from leadsignal.metrics.measures import COSTS, DURATIONS, MEASURES, NEVER, UNTIL_CLOSED, Measure
from leadsignal.periods import Period
from leadsignal.scorecard import counting, figures, targets
from leadsignal.scorecard.card import Row, Scorecard
from leadsignal.scorecard.comparison import UNTOLD, Change, Side, compare, judged
from leadsignal.scorecard.counting import Key, Publication, Tally
from leadsignal.scorecard.figures import Figure
from leadsignal.scorecard.shown import SHOWN
from leadsignal.scorecard.targets import Targets

if TYPE_CHECKING:
    import duckdb

BY = (None, "source", "owner", "campaign", "month")
MONTHS_SHOWN = 12


def scorecard(
    con: "duckdb.DuckDBPyConnection",
    by: str | None = None,
    period: str = "month",
    as_of: str | date | datetime | None = None,
) -> Scorecard:
    """The scorecard of the last period that is complete at `as_of`, beside the one before it, the
    same one of the year before, and the targets.

    `by` is None, source, owner, campaign, or month (the last 12 complete months, each beside the
    month before it). A change is called one only when a test says so, false discoveries held at 5%
    over all rows. Raises UsageError for an unknown `by`, `period` or `as_of`.
    """
    if by not in BY:
        raise UsageError(f"The scorecard has no '{by}'.", "Use source, owner, campaign or month.")
    published = counting.publication(con)
    newest = published.period("month" if by == "month" else period, as_of)
    periods = [newest, newest.before(), newest.year_ago]
    if by == "month":
        periods = [newest.before(steps) for steps in range(2 * MONTHS_SHOWN)]
    aims = targets.load(con, SHOWN)
    maker = _Maker(published, periods, by, grades(con), aims, _days_to_mature(con))
    rows = [
        *maker.counted(counting.tallies(con, periods, by)),
        *maker.timed(counting.durations(con, periods, by, published.as_of)),
        *maker.paid(counting.costs(con, periods, by)),
    ]
    return Scorecard(
        period=newest,
        previous=newest.before(),
        year_ago=newest.year_ago,
        as_of=published.as_of,
        by=by,
        rows=judged(rows),
        currency=published.reporting_currency,
        left_out=counting.without_activities(
            con, periods[:2] if by != "month" else periods[: MONTHS_SHOWN + 1]
        ),
        to_mend=maker.to_mend(),
        warnings=aims.warnings,
    )


@dataclass(frozen=True)
class _Line:
    """One segment of a metric, and where its counts are: (place of the period, segment)."""

    segment: str
    now: tuple[int, str]
    before: tuple[int, str]
    year_ago: tuple[int, str]

    @property
    def places(self) -> tuple[tuple[int, str], ...]:
        """The three of them."""
        return self.now, self.before, self.year_ago


@dataclass(frozen=True)
class _Maker:
    """Turns what was counted into rows."""

    published: Publication
    periods: Sequence[Period]
    by: str | None
    known: Mapping[int, Grade]
    aims: Targets
    mature_days: float | None

    def counted(self, found: Mapping[Key, Mapping[str, Tally]]) -> Iterator[Row]:
        for measure in MEASURES:
            for line in self._lines(found, measure.name):
                sides = [
                    Side(self.periods[place], found.get((measure.name, place, key), {}))
                    for place, key in line.places
                ]
                before, year = (self._change(measure, sides[0], side) for side in sides[1:])
                numbers = [self._figure(measure.kind, side.total) for side in sides]
                yield self._row(measure.name, line, numbers, before, year)

    def timed(self, found: Mapping[Key, tuple[list[float], list[float]]]) -> Iterator[Row]:
        for duration in DURATIONS:
            for line in self._lines(found, duration.name):
                times = [found.get((duration.name, *place), ([], [])) for place in line.places]
                yield self._row(
                    duration.name,
                    line,
                    [figures.timed(*pair, self.published.min_sample) for pair in times],
                )

    def paid(self, found: Mapping[Key, Tally]) -> Iterator[Row]:
        for name in COSTS:
            for line in self._lines(found, name):
                tallies = [found.get((name, *place), Tally()) for place in line.places]
                yield self._row(name, line, [self._figure("cost", tally) for tally in tallies])

    def to_mend(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """What to mend in the CRM first, with the metrics that wait for it."""
        waiting: dict[str, list[str]] = defaultdict(list)
        for shown in SHOWN.values():
            grade = self._grade(shown.questions)
            if grade and grade.is_low:
                waiting[grade.sentence].append(shown.name)
        return tuple((sentence, tuple(metrics)) for sentence, metrics in waiting.items())

    def _row(
        self,
        name: str,
        line: _Line,
        numbers: Sequence[Figure],
        change: Change = UNTOLD,
        year_change: Change = UNTOLD,
    ) -> Row:
        shown, (now, before, year_ago) = SHOWN[name], numbers
        grade = self._grade(shown.questions)
        target = self.aims.of(name, self.periods[line.now[0]], line.now[1])
        is_known = not (grade and grade.is_low)
        split = change.split if self.by in (None, "month") else None
        return Row(
            metric=name,
            segment=line.segment,
            axis=shown.axis,
            unit=shown.unit,
            value=(now.value or 0) if shown.unit == "count" else now.value,
            numerator=now.numerator,
            denominator=now.denominator,
            low=now.low,
            high=now.high,
            is_small_sample=now.is_small_sample,
            previous=before.value,
            change=change.change,
            cause=split.cause if split and change.p_value is not None else None,
            grade=grade.grade if grade else None,
            p_value=change.p_value,
            indicator=shown.indicator,
            difference=split.change if split else None,
            mix=split.mix if split else None,
            performance=split.performance if split else None,
            year_ago=year_ago.value,
            year_change=year_change.change,
            year_p_value=year_change.p_value,
            target=target,
            against_target=targets.judged(now, target, shown.better, is_known),
        )

    def _figure(self, kind: str, tally: Tally) -> Figure:
        return figures.counted(kind, tally, self.published.min_sample)

    def _change(self, measure: Measure, now: Side, before: Side) -> Change:
        age, needed = now.period.days_past(self.published.as_of), float(measure.settle_days)
        if measure.settle_days == UNTIL_CLOSED:
            needed = NEVER if self.mature_days is None else self.mature_days
        return compare(measure, now, before, age >= needed, self.published.min_sample)

    def _grade(self, questions: tuple[int, ...]) -> Grade | None:
        """The worst grade of the questions behind a number; None when it needs none answered."""
        return worst(self.known, (*questions, SOURCE) if self.by == "source" else questions)

    def _lines(self, found: Mapping[Key, Any], metric: str) -> Iterator[_Line]:
        if self.by == "month":
            for place in range(MONTHS_SHOWN):
                places = ((place + steps, "all") for steps in (0, 1, MONTHS_SHOWN))
                yield _Line(self.periods[place].label, *places)
            return
        for segment in ["all"] if self.by is None else _by_size(found, metric):
            yield _Line(segment, (0, segment), (1, segment), (2, segment))


def _by_size(found: Mapping[Key, Any], metric: str) -> list[str]:
    """The segments of a metric, the one with most cases first."""
    sizes: dict[str, float] = defaultdict(float)
    for (name, place, segment), counted in found.items():
        if name == metric and place < 2:
            sizes[segment] += _size(counted) if place == 0 else 0
    return sorted(sizes, key=lambda segment: (-sizes[segment], segment))


def _size(counted: Any) -> float:
    if isinstance(counted, Tally):
        return counted.denominator or counted.numerator or 0
    if isinstance(counted, tuple):
        return sum(map(len, counted))
    return sum(map(_size, counted.values()))


def _days_to_mature(con: "duckdb.DuckDBPyConnection") -> float | None:
    """Days in which 90% of the deals that closed had closed; None when none has."""
    found = con.execute("select quantile_cont(days_to_close, 0.9) from fct_opportunities")
    [(days,)] = found.fetchall()
    return None if days is None else float(days)
