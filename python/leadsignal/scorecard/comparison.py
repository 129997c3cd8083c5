"""Whether a number changed between two periods, and whether the mix of sources explains it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from leadsignal.honesty import statistics
from leadsignal.honesty.decomposition import MIX, Decomposition, mix_and_performance
from leadsignal.periods import Period
from leadsignal.scorecard.card import Row
from leadsignal.scorecard.counting import Tally
from leadsignal.scorecard.measured import total

__all__ = ["DOWN", "MIX", "NOT_SETTLED", "TOO_FEW", "UP", "compare", "judged"]

UP, DOWN = "up", "down"
NOT_CLEAR, TOO_FEW, NOT_SETTLED = "no clear change", "too few cases", "not settled yet"


@dataclass(frozen=True)
class Side:
    """What was counted of one measure and segment in one period, by source."""

    period: Period
    sources: Mapping[str, Tally]

    @property
    def compared(self) -> dict[str, tuple[float, float]]:
        """The two counts that are compared, by source."""
        return {
            source: (tally.compared_numerator or 0, tally.compared_denominator or 0)
            for source, tally in self.sources.items()
        }


@dataclass(frozen=True)
class Change:
    """A difference before all differences of a scorecard are judged together."""

    change: str | None = None
    p_value: float | None = None
    split: Decomposition | None = None
    """Of a rate: what the mix of sources did, and what the sources did themselves."""


UNTOLD = Change()


def compare(kind: str, now: Side, before: Side, is_settled: bool, min_sample: int) -> Change:
    """How `now` differs from `before`, if the counts of `now` have settled enough to tell.

    Only counts and rates of counts can be tested.
    """
    if kind not in ("count", "rate"):
        return UNTOLD
    if kind == "rate" and not (now.sources and before.sources):
        return UNTOLD
    if not is_settled:
        return Change(NOT_SETTLED)
    if kind == "count":
        return _counts(now, before, min_sample)
    new, old = total(now.sources), total(before.sources)
    k, n = int(new.compared_numerator or 0), int(new.compared_denominator or 0)
    old_k, old_n = int(old.compared_numerator or 0), int(old.compared_denominator or 0)
    if not n or not old_n:
        return UNTOLD
    split = mix_and_performance(before.compared, now.compared)
    if min(n, old_n) < min_sample:
        return Change(TOO_FEW, split=split)
    p_value = statistics.two_proportions(k, n, old_k, old_n)
    return Change(UP if k / n > old_k / old_n else DOWN, p_value, split)


def judged(rows: Sequence[Row]) -> tuple[Row, ...]:
    """The rows, where a change that chance may explain is 'no clear change'.

    False discoveries are held at 5% over all rows, those beside the period before and those beside
    the year before each by themselves (Benjamini-Hochberg).
    """
    changed = statistics.discoveries([row.p_value for row in rows])
    year_changed = statistics.discoveries([row.year_p_value for row in rows])
    return tuple(
        _told(row, *found) for row, *found in zip(rows, changed, year_changed, strict=True)
    )


def _told(row: Row, is_change: bool, is_year_change: bool) -> Row:
    if row.change in (UP, DOWN) and not is_change:
        row = replace(row, change=NOT_CLEAR, cause=None)
    if row.year_change in (UP, DOWN) and not is_year_change:
        row = replace(row, year_change=NOT_CLEAR)
    return row


def _counts(now: Side, before: Side, min_sample: int) -> Change:
    count, other = (int(total(side.sources).numerator or 0) for side in (now, before))
    if max(count, other) < min_sample:
        return Change(TOO_FEW)
    faster = count / now.period.days > other / before.period.days
    p_value = statistics.two_counts(count, now.period.days, other, before.period.days)
    return Change(UP if faster else DOWN, p_value)
