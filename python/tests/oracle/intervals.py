"""How sure a number is: 95% intervals of rates and of medians."""

from __future__ import annotations

from fractions import Fraction
from math import exp, log, sqrt

Z95 = 1.959963984540054


def wilson(successes: float, n: float) -> tuple[float, float]:
    """The 95% Wilson interval of a rate of n > 0 cases."""
    rate, square = successes / n, Z95**2
    middle = rate + square / (2 * n)
    half = Z95 * sqrt(rate * (1 - rate) / n + square / (4 * n * n))
    return (middle - half) / (1 + square / n), (middle + half) / (1 + square / n)


def median_interval(
    finished: list[float], still_open: list[float]
) -> tuple[float | None, float | None]:
    """Brookmeyer and Crowley: the durations at which the band of survival comes down to one half.

    The band is that of log(-log(survival)) with Greenwood's variance; at zero its low end is zero,
    and its high end is not known.
    """
    low: float | None = None
    survival, variance = Fraction(1), Fraction(0)
    for duration in sorted(set(finished)):
        at_risk = sum(one >= duration for one in (*finished, *still_open))
        ended = finished.count(duration)
        if ended == at_risk:
            return (duration if low is None else low), None
        survival *= 1 - Fraction(ended, at_risk)
        variance += Fraction(ended, at_risk * (at_risk - ended))
        power = exp(Z95 * sqrt(variance) / -log(survival))
        if low is None and survival**power <= 0.5:
            low = duration
        if survival ** (1 / power) <= 0.5:
            return low, duration
    return low, None
