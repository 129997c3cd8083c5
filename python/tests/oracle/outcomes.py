"""How many deals are won in the end, by their age: losing is another end, not an open question."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from .scorecard import grouped

Row = dict[str, Any]


@dataclass(frozen=True)
class Incidence:
    """The shares of deals won and lost within a time (Aalen and Johansen).

    Attributes:
        is_known: a deal was watched that long, or none is left to be watched.
    """

    won: float
    lost: float
    is_known: bool


def incidence(ends: Iterable[tuple[float, str]], within: float) -> Incidence:
    """Of (days, won, lost or open) of each deal; what is open was watched for those days."""
    deals = list(ends)
    left = Fraction(1)
    shares = {"won": Fraction(0), "lost": Fraction(0)}
    for moment in sorted({days for days, end in deals if end != "open" and days <= within}):
        at_risk = sum(days >= moment for days, _ in deals)
        ended = {end: sum(deal == (moment, end) for deal in deals) for end in shares}
        for end, count in ended.items():
            shares[end] += left * Fraction(count, at_risk)
        left *= 1 - Fraction(sum(ended.values()), at_risk)
    is_watched = any(days >= within for days, _ in deals)
    return Incidence(float(shares["won"]), float(shares["lost"]), is_watched or left == 0)


def win_rate_over_time(
    deals: list[Row], as_of: datetime, by: str, days: Iterable[int]
) -> dict[tuple[str, int], Incidence]:
    """By a column of the deals and a number of days; deals whose dates contradict are left out."""
    found: dict[tuple[str, int], Incidence] = {}
    for (segment,), rows in grouped(deals, by).items():
        lasted = [(_lasted(row, as_of), row["outcome"]) for row in rows]
        ends = [(time, end) for time, end in lasted if time is not None]
        found |= {(segment, within): incidence(ends, within) for within in days if ends}
    return found


def _lasted(row: Row, as_of: datetime) -> float | None:
    if row["outcome"] != "open":
        days: float | None = row["days_to_close"]
        return days
    return (as_of - row["created_at"]).total_seconds() / 86400 if row["created_at"] else None
