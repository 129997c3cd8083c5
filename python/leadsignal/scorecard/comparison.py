"""Whether a number changed between two periods, and whether the mix of sources explains it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from leadsignal.honesty import statistics
from leadsignal.metrics.measures import Measure
from leadsignal.periods import Period
from leadsignal.scorecard.card import Row
from leadsignal.scorecard.counting import Tally

UP, DOWN = "up", "down"
NOT_CLEAR, TOO_FEW, NOT_SETTLED = "no clear change", "too few cases", "not settled yet"
MIX, PERFORMANCE = "mix", "performance"


@dataclass(frozen=True)
class Side:
    """What was counted of one measure and segment in one period, by source."""

    period: Period
    sources: Mapping[str, Tally]

    @property
    def total(self) -> Tally:
        """The counts of all sources."""
        total = Tally()
        for tally in self.sources.values():
            total.add(tally)
        return total


@dataclass(frozen=True)
class Change:
    """A difference before all differences of a scorecard are judged together."""

    change: str | None = None
    cause: str | None = None
    p_value: float | None = None


def compare(measure: Measure, now: Side, before: Side, is_settled: bool, min_sample: int) -> Change:
    """How `now` differs from `before`, if the counts of `now` have settled enough to tell."""
    if measure.kind == "share" or not now.sources or not before.sources:
        return Change()
    if not is_settled:
        return Change(NOT_SETTLED)
    new, old = now.total, before.total
    if measure.kind == "count":
        return _counts(int(new.numerator or 0), now, int(old.numerator or 0), before, min_sample)
    k, n = int(new.compared_numerator or 0), int(new.compared_denominator or 0)
    old_k, old_n = int(old.compared_numerator or 0), int(old.compared_denominator or 0)
    if not n or not old_n:
        return Change()
    if min(n, old_n) < min_sample:
        return Change(TOO_FEW)
    return Change(
        UP if k / n > old_k / old_n else DOWN,
        _cause(now, before),
        statistics.two_proportions(k, n, old_k, old_n),
    )


def judged(rows: Sequence[Row]) -> tuple[Row, ...]:
    """The rows, where a change that chance may explain is 'no clear change'.

    False discoveries are held at 5% over all rows (Benjamini-Hochberg).
    """
    found = statistics.discoveries([row.p_value for row in rows])
    return tuple(
        replace(row, change=NOT_CLEAR, cause=None)
        if row.change in (UP, DOWN) and not is_change
        else row
        for row, is_change in zip(rows, found, strict=True)
    )


def _counts(count: int, now: Side, other: int, before: Side, min_sample: int) -> Change:
    if max(count, other) < min_sample:
        return Change(TOO_FEW)
    faster = count / now.period.days > other / before.period.days
    p_value = statistics.two_counts(count, now.period.days, other, before.period.days)
    return Change(UP if faster else DOWN, None, p_value)


def _cause(now: Side, before: Side) -> str:
    """Mix when no source's own rate moved by more than chance, taken together."""
    pairs = [
        (now.sources.get(source, Tally()), before.sources.get(source, Tally()))
        for source in now.sources.keys() | before.sources.keys()
    ]
    p_value = statistics.stratified_proportions(
        (
            int(new.compared_numerator or 0),
            int(new.compared_denominator or 0),
            int(old.compared_numerator or 0),
            int(old.compared_denominator or 0),
        )
        for new, old in pairs
    )
    return MIX if p_value is None or p_value > statistics.SIGNIFICANCE else PERFORMANCE
