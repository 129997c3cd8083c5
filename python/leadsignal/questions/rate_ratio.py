"""How much faster something happens with than without, compared within strata (Mantel-Haenszel)."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from scipy import stats

from leadsignal.honesty.statistics import CONFIDENCE

CRITICAL = float(stats.norm.isf((1 - CONFIDENCE) / 2))


@dataclass(frozen=True)
class Stratum:
    """Cases that are alike: how many events in how much time at risk, with and without."""

    events_with: int
    time_with: float
    events_without: int
    time_without: float


@dataclass(frozen=True)
class RateRatio:
    """The rate with over the rate without, its 95% interval, and the p value of 'they are equal'.

    None: nothing happened on a side, so there is no ratio.
    """

    value: float | None
    low: float | None
    high: float | None
    p_value: float | None


def rate_ratio(strata: Iterable[Stratum]) -> RateRatio:
    """The Mantel-Haenszel ratio of two rates over strata of person-time.

    The interval is that of Greenland and Robins on the log scale, the p value that of the score
    test. A stratum without time on one of the sides says nothing.
    """
    with_, without, variance = 0.0, 0.0, 0.0
    surplus = 0.0
    for each in strata:
        time = each.time_with + each.time_without
        if each.time_with <= 0 or each.time_without <= 0:
            continue
        events = each.events_with + each.events_without
        with_ += each.events_with * each.time_without / time
        without += each.events_without * each.time_with / time
        variance += events * each.time_with * each.time_without / time**2
        surplus += each.events_with - events * each.time_with / time
    p_value = float(2 * stats.norm.sf(abs(surplus) / math.sqrt(variance))) if variance else None
    if not with_ or not without:
        return RateRatio(None, None, None, p_value)
    ratio = with_ / without
    width = CRITICAL * math.sqrt(variance / (with_ * without))
    return RateRatio(ratio, ratio * math.exp(-width), ratio * math.exp(width), p_value)
