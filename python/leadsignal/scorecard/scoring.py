"""The scorecard: every rate of one period with its interval, its change and how far to trust it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from leadsignal.errors import UsageError
from leadsignal.honesty.grades import Grade, grades, worst
from leadsignal.metrics import definitions
from leadsignal.metrics.definitions import Metric
from leadsignal.metrics.questions import SOURCE
from leadsignal.periods import Period
from leadsignal.scorecard import counting, targets
from leadsignal.scorecard.card import Row, Scorecard
from leadsignal.scorecard.comparison import Change, Side, compare, judged
from leadsignal.scorecard.counting import Publication, Tally
from leadsignal.scorecard.figures import NOTHING, Figure, counted
from leadsignal.scorecard.measured import Measured, measured
from leadsignal.scorecard.targets import ALL, Targets

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
    found, aims = measured(con, periods, by), targets.load(con, definitions.load(con))
    maker = _Maker(
        published, periods, by, found, grades(con), aims, _days_to_mature(con), _began_at(con)
    )
    rows = judged([row for metric in found.metrics.values() for row in maker.rows(metric)])
    shown = periods[: MONTHS_SHOWN if by == "month" else 1]
    return Scorecard(
        period=newest,
        previous=newest.before(),
        year_ago=newest.year_ago,
        as_of=published.as_of,
        by=by,
        rows=rows,
        currency=published.reporting_currency,
        left_out=counting.without_activities(
            con, periods[:2] if by != "month" else periods[: MONTHS_SHOWN + 1]
        ),
        with_spend=counting.leads_with_spend(con, shown) if by in (None, "month") else (0, 0),
        to_mend=maker.to_mend(),
        warnings=(*aims.warnings, *_of_months(by, period)),
    )


def _of_months(by: str | None, period: str) -> tuple[str, ...]:
    is_other = by == "month" and period != "month"
    return (f"By month the periods are months, not {period}s.",) if is_other else ()


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
    found: Measured
    known: Mapping[int, Grade]
    aims: Targets
    mature_days: float | None
    began_at: datetime | None

    def rows(self, metric: Metric) -> Iterator[Row]:
        """A metric's rows, changes not yet judged together."""
        for line in self._lines(metric):
            sides = [
                Side(self.periods[place], self.found.tallies.get((metric.name, place, key), {}))
                for place, key in line.places
            ]
            before, year = (
                self._change(metric, sides[0], side, self._is_on_record(metric, *place))
                for side, place in zip(sides[1:], line.places[1:], strict=True)
            )
            yield self._row(metric, line, before, year)

    def to_mend(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """What to mend in the CRM first, with the metrics that wait for it."""
        waiting: dict[str, list[str]] = defaultdict(list)
        for metric in self.found.metrics.values():
            grade = self._grade(metric.questions)
            if grade and grade.is_low:
                waiting[grade.sentence].append(metric.name)
        return tuple((sentence, tuple(metrics)) for sentence, metrics in waiting.items())

    def _row(self, metric: Metric, line: _Line, change: Change, year_change: Change) -> Row:
        now = self._figure(metric, *line.now)
        before, year_ago = (
            self._figure(metric, *place) if self._is_on_record(metric, *place) else NOTHING
            for place in line.places[1:]
        )
        grade = self._grade(metric.questions)
        target = self.aims.of(metric.name, self.periods[line.now[0]], line.now[1])
        is_known = not (grade and grade.is_low)
        split = change.split if self.by in (None, "month") else None
        return Row(
            metric=metric.name,
            segment=line.segment,
            axis=metric.axis,
            unit=metric.unit,
            value=now.value,
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
            indicator=metric.indicator,
            difference=split.change if split else None,
            mix=split.mix if split else None,
            performance=split.performance if split else None,
            year_ago=year_ago.value,
            year_change=year_change.change,
            year_p_value=year_change.p_value,
            target=target,
            against_target=targets.judged(now, target, metric.better, is_known),
        )

    def _figure(self, metric: Metric, place: int, segment: str) -> Figure:
        nothing = counted(metric.kind, Tally(), self.published.min_sample)
        return self.found.figures.get((metric.name, place, segment), nothing)

    def _is_on_record(self, metric: Metric, place: int, segment: str) -> bool:
        """Whether a count of a period can be 0: before the CRM's first record none is known."""
        if metric.kind != "count" or (metric.name, place, segment) in self.found.tallies:
            return True
        return self.began_at is not None and self.periods[place].starts_at >= self.began_at

    def _change(self, metric: Metric, now: Side, before: Side, is_on_record: bool) -> Change:
        if not is_on_record:
            return Change()
        age = now.period.days_past(self.published.as_of)
        needed = float(counting.SETTLE_DAYS.get(metric.name, 0))
        if needed == counting.UNTIL_CLOSED:
            needed = counting.NEVER if self.mature_days is None else self.mature_days
        return compare(metric.kind, now, before, age >= needed, self.published.min_sample)

    def _grade(self, questions: tuple[int, ...]) -> Grade | None:
        """The worst grade of the questions behind a number; None when it needs none answered."""
        return worst(self.known, (*questions, SOURCE) if self.by == "source" else questions)

    def _lines(self, metric: Metric) -> Iterator[_Line]:
        if self.by == "month":
            for place in range(MONTHS_SHOWN):
                places = ((place + steps, ALL) for steps in (0, 1, MONTHS_SHOWN))
                yield _Line(self.periods[place].label, *places)
            return
        if self.by or metric.kind != "cost" or self.periods[0].kind != "week":
            for segment in [ALL] if self.by is None else self._by_size(metric.name):
                yield _Line(segment, (0, segment), (1, segment), (2, segment))

    def _by_size(self, metric: str) -> list[str]:
        """The segments of a metric in this period or the one before, most cases first."""
        sizes: dict[str, float] = defaultdict(float)
        for (name, place, segment), figure in self.found.figures.items():
            if name == metric and place < 2:
                cases = figure.denominator or figure.numerator or figure.value or 0
                sizes[segment] += cases if place == 0 else 0
        return sorted(sizes, key=lambda segment: (-sizes[segment], segment))


def _began_at(con: "duckdb.DuckDBPyConnection") -> datetime | None:
    """The moment of the first lead or deal (UTC); None when none has one."""
    sql = """
        select min(created_at) from (
            select created_at from fct_leads union all select created_at from fct_opportunities
        )
    """
    [(moment,)] = con.execute(sql).fetchall()
    return None if moment is None else datetime.fromisoformat(str(moment))


def _days_to_mature(con: "duckdb.DuckDBPyConnection") -> float | None:
    """Days in which 90% of the deals that closed had closed; None when none has."""
    found = con.execute("select quantile_cont(days_to_close, 0.9) from fct_opportunities")
    [(days,)] = found.fetchall()
    return None if days is None else float(days)
