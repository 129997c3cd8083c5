"""Intervals of what is at stake, from the counts of shares."""

import math

from leadsignal.advice.recommendation import Effect
from leadsignal.honesty.statistics import wilson


def of_share(k: int, n: int, what: str) -> Effect:
    """Some of n cases."""
    low, high = wilson(k, n) or (0.0, 0.0)
    return Effect(k, n * low, n * high, what)


def of_difference(
    k: int, n: int, other: int, other_n: int, scale: float, what: str, given: str
) -> Effect:
    """`scale` cases at the difference of two shares (Newcombe's interval, from both Wilson's)."""
    p, q = k / n, other / other_n
    (low, high), (other_low, other_high) = (
        wilson(k, n) or (0, 0),
        wilson(other, other_n) or (0, 0),
    )
    below = math.hypot(p - low, other_high - q)
    above = math.hypot(high - p, q - other_low)
    return Effect(scale * (p - q), scale * (p - q - below), scale * (p - q + above), what, given)
