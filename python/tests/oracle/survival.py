"""Medians and quantiles, with and without stays that still go on."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction


def quantile(ordered: list[float], share: float) -> float | None:
    """Linear interpolation between the two values around the place; None of nothing."""
    if not ordered:
        return None
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def median(values: Iterable[float | None]) -> float | None:
    """The plain median of what is known."""
    return quantile(sorted(value for value in values if value is not None), 0.5)


def median_with_open(finished: list[float], still_open: list[float]) -> float | None:
    """Kaplan-Meier: the first duration at which survival is below one half.

    Where survival is exactly one half over a stretch, the middle of the stretch (its start when no
    later stay ends). None when survival never gets to one half.
    """
    survival = Fraction(1)
    reached_half = None
    for duration in sorted(set(finished)):
        at_risk = sum(one >= duration for one in (*finished, *still_open))
        survival *= 1 - Fraction(finished.count(duration), at_risk)
        if survival < Fraction(1, 2):
            return duration if reached_half is None else (reached_half + duration) / 2
        if survival == Fraction(1, 2):
            reached_half = duration
    return reached_half
