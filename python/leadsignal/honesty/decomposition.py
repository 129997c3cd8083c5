"""Why an overall rate moved: other shares of the segments, or other rates within them."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from leadsignal.honesty.statistics import SIGNIFICANCE, stratified_proportions

if TYPE_CHECKING:
    import pyarrow

MIX, PERFORMANCE, BOTH = "mix", "performance", "both"
NOTABLE = 1 / 3
"""A part smaller than this share of the larger one is not named beside it."""

ALMOST_NOTHING = 0.05
"""A part up to this share of the change is not worth a number."""

Counts = tuple[float, float]
"""Numerator and denominator of a rate."""


@dataclass(frozen=True)
class Part:
    """What one segment did to the overall rate; shares, rates and parts are 0 to 1.

    `mix` is what its gaining or losing share did, against the average of all segments;
    `performance` is what its own rate did. A rate is None where the segment had no cases.
    """

    segment: str
    share_before: float
    share_now: float
    rate_before: float | None
    rate_now: float | None
    mix: float
    performance: float


@dataclass(frozen=True)
class Decomposition:
    """An overall rate's change and its parts: the sums of `mix` and `performance` are the change.

    The segment that did most comes first.
    """

    before: float
    now: float
    parts: tuple[Part, ...]
    p_value: float | None
    """Of 'within the segments no rate moved'."""

    @property
    def change(self) -> float:
        """The overall rate now less the one before."""
        return self.now - self.before

    @property
    def mix(self) -> float:
        """The change if every segment had kept its rate."""
        return math.fsum(part.mix for part in self.parts)

    @property
    def performance(self) -> float:
        """The change if every segment had kept its share."""
        return math.fsum(part.performance for part in self.parts)

    @property
    def cause(self) -> str | None:
        """mix, performance or both: what made the change; None where that cannot be told.

        Performance is named only where a test within the segments (Mantel-Haenszel) found it, mix
        without it only where it makes more than half of the change.
        """
        is_found = self.p_value is not None and self.p_value <= SIGNIFICANCE
        if not is_found or self.performance * self.change <= 0:
            return (
                MIX if abs(self.mix) > abs(self.change) / 2 and self.mix * self.change > 0 else None
            )
        return BOTH if self.mix / self.performance >= NOTABLE else PERFORMANCE

    def words(self, segments: str = "segments") -> str:
        """Such as: 6.2 points down: 4.1 by the mix of sources and 2.1 within the sources."""
        sign = 1 if self.change > 0 else -1
        parts = (
            (sign * self.mix, f"by the mix of {segments}"),
            (sign * self.performance, f"within the {segments}"),
        )
        (rest, small), (most, large) = sorted(parts)
        start = f"{_points(abs(self.change))} points {'up' if sign > 0 else 'down'}"
        if abs(rest) <= ALMOST_NOTHING * abs(self.change):
            whole = "all" if _points(rest) == _points(0) else "nearly all"
            return f"{start}, {whole} of it {large}"
        joined = "and" if rest > 0 else "less"
        return f"{start}: {_points(most)} {large} {joined} {_points(abs(rest))} {small}"

    def to_table(self) -> "pyarrow.Table":
        """One row per segment, with the columns of `Part`."""
        import pyarrow

        names = list(Part.__dataclass_fields__)
        return pyarrow.table({name: [getattr(part, name) for part in self.parts] for name in names})


def mix_and_performance(
    before: Mapping[str, Counts], now: Mapping[str, Counts]
) -> Decomposition | None:
    """The change of a rate between two periods, split by segment; None when a side has no cases.

    `before` and `now` are each segment's numerator and denominator. The split is the symmetric
    one: a share's change weighs the average of both rates, a rate's change the average of both
    shares, so it does not matter which period is the base. A segment that appears or vanishes has
    one rate only, so all it does is mix.
    """
    old_all, new_all = (math.fsum(n for _, n in side.values()) for side in (before, now))
    if old_all == 0 or new_all == 0:
        return None
    old_rate, new_rate = (
        math.fsum(k for k, _ in side.values()) / total
        for side, total in ((before, old_all), (now, new_all))
    )
    centre = (old_rate + new_rate) / 2
    names = sorted(before.keys() | now.keys())
    parts = [
        _part(name, before.get(name, (0, 0)), now.get(name, (0, 0)), old_all, new_all, centre)
        for name in names
    ]
    parts.sort(key=lambda part: (-abs(part.mix + part.performance), part.segment))
    p_value = stratified_proportions(
        (*_whole(now.get(name)), *_whole(before.get(name))) for name in names
    )
    return Decomposition(old_rate, new_rate, tuple(parts), p_value)


def _part(
    name: str, old: Counts, new: Counts, old_all: float, new_all: float, centre: float
) -> Part:
    old_share, new_share = old[1] / old_all, new[1] / new_all
    old_rate, new_rate = (k / n if n else None for k, n in (old, new))
    known = [rate for rate in (old_rate, new_rate) if rate is not None]
    average = sum(known) / len(known) if known else centre
    performance = 0.0
    if old_rate is not None and new_rate is not None:
        performance = (old_share + new_share) / 2 * (new_rate - old_rate)
    mix = (new_share - old_share) * (average - centre)
    return Part(name, old_share, new_share, old_rate, new_rate, mix, performance)


def _whole(counts: Counts | None) -> tuple[int, int]:
    return (0, 0) if counts is None else (int(counts[0]), int(counts[1]))


def _points(share: float) -> str:
    # Never -0.0.
    return f"{round(100 * share, 1) + 0:.1f}"
