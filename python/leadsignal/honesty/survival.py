"""How long things take when some are not finished yet, and which of two ends they come to.

Durations in, plain floats out, in the unit of the input.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy
from scipy import stats

from leadsignal.honesty.statistics import wilson
from leadsignal.honesty.wilson import CONFIDENCE

CRITICAL = float(stats.norm.isf((1 - CONFIDENCE) / 2))


@dataclass(frozen=True)
class Estimate:
    """A duration or a share with its 95% interval.

    None: the cases have not been watched long enough to tell.
    """

    value: float | None
    low: float | None
    high: float | None


UNKNOWN = Estimate(None, None, None)


def kaplan_meier_median(finished: Sequence[float], going_on: Sequence[float] = ()) -> Estimate:
    """The median duration when some cases are still going on, by Kaplan and Meier.

    It is the first time at which survival is below one half; where survival is exactly one half
    over a stretch, the middle of that stretch, so with nothing going on it is the plain median, or
    its beginning when nothing ends later. The interval inverts the log-log band of the curve
    (Brookmeyer and Crowley).
    """
    return quantiles(finished, going_on, (0.5,))[0]


def quantiles(
    finished: Sequence[float], going_on: Sequence[float], shares: Sequence[float]
) -> list[Estimate]:
    """The times by which these shares (0 to 1) of all cases are finished; as the median above."""
    if not len(finished):
        return [UNKNOWN for _ in shares]
    times, survival, low, high = _curve(finished, going_on)
    return [
        Estimate(
            _crossing(times, survival, 1 - share),
            _first(times, low <= 1 - share),
            _first(times, high <= 1 - share),
        )
        for share in shares
    ]


def survival_at(
    finished: Sequence[float], going_on: Sequence[float], moments: Sequence[float]
) -> list[Estimate]:
    """The share of cases still going on after each of these times, with its log-log interval."""
    shares = cumulative_incidence(
        [*finished, *going_on], [1] * len(finished) + [0] * len(going_on), 1, moments
    )
    return [
        UNKNOWN
        if share.value is None
        else Estimate(1 - share.value, _complement(share.high), _complement(share.low))
        for share in shares
    ]


def log_rank(
    finished: Sequence[float],
    going_on: Sequence[float],
    other_finished: Sequence[float],
    other_going_on: Sequence[float],
) -> float | None:
    """The two-sided p value of 'both take equally long'; None when nothing is finished.

    The test of Mantel and Cox. It asks for cases on both sides.
    """
    is_empty = not (len(finished) + len(going_on) and len(other_finished) + len(other_going_on))
    if is_empty or not len(finished) + len(other_finished):
        return None
    one: Any = stats.CensoredData(uncensored=list(finished), right=list(going_on))
    other: Any = stats.CensoredData(uncensored=list(other_finished), right=list(other_going_on))
    with warnings.catch_warnings():
        # With one case at risk at each end nothing can vary: no test.
        warnings.simplefilter("ignore", RuntimeWarning)
        p_value = float(stats.logrank(one, other).pvalue)
    return None if numpy.isnan(p_value) else p_value


def cumulative_incidence(
    times: Sequence[float], causes: Sequence[int], cause: int, moments: Sequence[float]
) -> list[Estimate]:
    """The share of cases that have ended by `cause` by each of these times (Aalen and Johansen).

    `causes` says how each case ended: a number from 1 up, or 0 while it goes on. Ending by another
    cause is no censoring: such a case can never come to this end. The variance is the delta
    method's, the interval that of log(-log(share)). While none or all of them have ended by `cause`
    the interval is Wilson's over the cases known by then. After the last was watched none is known.
    """
    if len(times) != len(causes):
        raise ValueError(f"{len(times)} times and {len(causes)} causes are no cases")
    if not len(times):
        return [UNKNOWN for _ in moments]
    lasted, ended = numpy.asarray(times, float), numpy.asarray(causes)
    ends, share, error = _incidence(lasted, ended, cause)
    still_watched = bool((ended[lasted == lasted.max()] == 0).any())
    found = []
    for moment in moments:
        place = int(numpy.searchsorted(ends, moment, side="right")) - 1
        if still_watched and moment > lasted.max():
            found.append(UNKNOWN)
        elif place < 0 or share[place] in (0, 1):
            known = int(((lasted >= moment) | (ended != 0)).sum())
            value = 0 if place < 0 else int(share[place])
            low, high = wilson(value * known, known) or (None, None)
            found.append(Estimate(float(value), low, high))
        else:
            found.append(_log_log(float(share[place]), float(error[place])))
    return found


def _incidence(lasted: Any, ended: Any, cause: int) -> tuple[Any, Any, Any]:
    """The times, the share ended by `cause` at each, and its standard error."""
    ends, places = numpy.unique(lasted, return_inverse=True)
    gone = numpy.bincount(places, minlength=len(ends))
    at_risk = len(lasted) - numpy.concatenate(([0], numpy.cumsum(gone)[:-1]))
    any_end = numpy.bincount(places, weights=ended != 0, minlength=len(ends))
    this_end = numpy.bincount(places, weights=ended == cause, minlength=len(ends))
    survival = numpy.cumprod(1 - any_end / at_risk)
    before = numpy.concatenate(([1.0], survival[:-1]))
    # While nothing else has ended a case the share is what did not survive: a whole is then exactly
    # one, which a sum of a hundred thousand parts is not.
    is_alone = numpy.cumsum(any_end - this_end) == 0
    summed = numpy.cumsum(before * this_end / at_risk)
    share = numpy.where(is_alone, 1 - survival, summed).round(14)
    # Where everybody left ends at once, no later time depends on that factor.
    left = at_risk - any_end
    lasting = numpy.divide(any_end, at_risk * left, out=numpy.zeros(len(ends)), where=left > 0)
    here = before**2 * (at_risk - this_end) * this_end / at_risk**3
    both = before * this_end / at_risk**2
    variance = (
        share**2 * numpy.cumsum(lasting)
        - 2 * share * numpy.cumsum(share * lasting)
        + numpy.cumsum(share**2 * lasting)
        + numpy.cumsum(here)
        - 2 * share * numpy.cumsum(both)
        + 2 * numpy.cumsum(share * both)
    )
    return ends, share, numpy.sqrt(numpy.maximum(variance, 0))


def _log_log(share: float, error: float) -> Estimate:
    width = CRITICAL * error / (share * numpy.log(share))
    return Estimate(share, float(share ** numpy.exp(-width)), float(share ** numpy.exp(width)))


def _curve(finished: Sequence[float], going_on: Sequence[float]) -> tuple[Any, Any, Any, Any]:
    """The times, the survival after them, and its band."""
    sample: Any = stats.CensoredData(uncensored=list(finished), right=list(going_on))
    curve = stats.ecdf(sample).sf
    with warnings.catch_warnings():
        # Where the curve is 1 or 0 the band is undefined; both cases are answered below.
        warnings.simplefilter("ignore", RuntimeWarning)
        band: Any = curve.confidence_interval(CONFIDENCE, method="log-log")
    times, survival = curve.quantiles, curve.probabilities
    low = numpy.where(survival == 0, 0.0, numpy.nan_to_num(band.low.probabilities, nan=1.0))
    return times, survival, low, numpy.nan_to_num(band.high.probabilities, nan=1.0)


def _crossing(times: Any, survival: Any, level: float) -> float | None:
    rounded = numpy.round(survival, 12)  # a half made of thirds is still a half
    level = round(level, 12)
    below = _first(times, rounded < level)
    level_at = _first(times, rounded == level)
    if level_at is None or below is None:
        return level_at if below is None else below
    return (level_at + below) / 2


def _first(times: Any, holds: Any) -> float | None:
    places = numpy.flatnonzero(holds)
    return float(times[places[0]]) if len(places) else None


def _complement(share: float | None) -> float | None:
    return None if share is None else 1 - share
