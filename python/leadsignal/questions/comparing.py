"""Segments held against each other: what differs beyond chance, and what is too small to tell."""

from collections.abc import Mapping, Sequence
from typing import Any

from leadsignal.honesty import statistics
from leadsignal.metrics.questions import SOURCE
from leadsignal.questions.asking import Asked

HIGHER, LOWER = "higher", "lower"
SAME, TOO_FEW = "no clear difference", "too few cases"
NOT_KNOWN = "source not known"
"""Of too many cases the CRM does not say the source, so no source is held against others."""


def rated(row: dict[str, Any], good: str, cases: str, name: str) -> dict[str, Any]:
    """The row with the rate `name` and its 95% interval, `<name>_low` and `<name>_high`."""
    interval = statistics.wilson(row[good], row[cases])
    return row | {
        name: row[good] / row[cases] if row[cases] else None,
        f"{name}_low": interval and interval[0],
        f"{name}_high": interval and interval[1],
    }


def against(pairs: Sequence[tuple[tuple[int, int], tuple[int, int]]], min_sample: int) -> list[str]:
    """Of pairs of (successes, cases): is the first rate higher or lower than the second?

    A difference is one only when a test of two proportions says so, false discoveries held at 5%
    over all the pairs; with fewer than `min_sample` cases on a side nothing is compared.
    """
    p_values = [
        None if min(one[1], other[1]) < min_sample else statistics.two_proportions(*one, *other)
        for one, other in pairs
    ]
    found = statistics.discoveries(p_values)
    return [
        TOO_FEW if p_value is None else _direction(*pair) if is_found else SAME
        for pair, p_value, is_found in zip(pairs, p_values, found, strict=True)
    ]


def against_the_rest(
    rows: Sequence[Mapping[str, Any]], good: str, cases: str, min_sample: int, within: str = ""
) -> list[str]:
    """Each row against all the other rows (those with the same `within`, when that is given)."""
    totals: dict[Any, tuple[int, int]] = {}
    for row in rows:
        k, n = totals.get(row.get(within), (0, 0))
        totals[row.get(within)] = (k + row[good], n + row[cases])
    pairs = []
    for row in rows:
        k, n = totals[row.get(within)]
        pairs.append(((row[good], row[cases]), (k - row[good], n - row[cases])))
    return against(pairs, min_sample)


def by_source(
    asked: Asked, rows: Sequence[Mapping[str, Any]], good: str, cases: str, within: str = ""
) -> list[str]:
    """As `against_the_rest`, of rows that are sources."""
    if not asked.knows(SOURCE):
        return [NOT_KNOWN] * len(rows)
    return against_the_rest(rows, good, cases, asked.min_sample, within)


def _direction(one: tuple[int, int], other: tuple[int, int]) -> str:
    return HIGHER if one[0] * other[1] > other[0] * one[1] else LOWER
