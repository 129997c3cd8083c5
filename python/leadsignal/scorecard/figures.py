"""From what was counted to a number with its interval."""

from collections.abc import Sequence
from dataclasses import dataclass

from leadsignal.honesty import statistics, survival
from leadsignal.scorecard.counting import Tally


@dataclass(frozen=True)
class Figure:
    """One number and what it was made from; None is 'not known', never 0."""

    value: float | None
    numerator: float | None
    denominator: float | None
    low: float | None = None
    high: float | None = None
    is_small_sample: bool = False


NOTHING = Figure(None, None, None)


def counted(kind: str, tally: Tally, min_sample: int) -> Figure:
    """A count, a sum or the ratio of two; a rate (of counts) has a 95% interval."""
    above, below = tally.numerator, tally.denominator
    if kind == "count":
        return Figure(above or 0, above or 0, None, is_small_sample=(above or 0) < min_sample)
    if kind == "amount":
        return Figure(above, above, None)
    value = None if above is None or not below else above / below
    if kind == "share":
        is_small = (tally.cases or 0) < min_sample
        return Figure(value, above or 0, below or 0, is_small_sample=is_small)
    is_small = (below or 0) < min_sample
    if kind != "rate":
        return Figure(value, above, below, is_small_sample=is_small)
    low, high = statistics.wilson(int(above or 0), int(below or 0)) or (None, None)
    return Figure(value, above or 0, below or 0, low, high, is_small)


def timed(finished: Sequence[float], going_on: Sequence[float], min_sample: int) -> Figure:
    """The median time (Kaplan-Meier) of cases that are finished and of those still going on."""
    median = survival.kaplan_meier_median(finished, going_on)
    cases = len(finished) + len(going_on)
    is_small = cases < min_sample
    return Figure(median.value, len(finished), cases, median.low, median.high, is_small)
