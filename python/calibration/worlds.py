"""The made-up CRMs: what is true of each, so that what is said of it can be held against it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import numpy

MONTHS = (date(2026, 7, 1), date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1))
AS_OF = "2026-10-31"
LAST = len(MONTHS) - 1
VOLUMES = (250, 250, 500, 500)
SOURCES = ("Paid Social", "Paid Search", "Organic Search", "Customer Referral", "Webinar")
SHARES = (0.30, 0.20, 0.20, 0.15, 0.15)
BEST, WEAK = 3, 0
"""Places of the source that is best, and of the one that is bought more of, where they differ."""
DECIDED, DECISION_DAYS = 0.85, 3.0
"""Share of the leads handed over that sales ever decides on; mean days until then."""
DEAL_DAYS = 5.0
TOUCH_SIGMA, CLOSE_SIGMA = 1.2, 0.6
"""Spreads of the logarithms of the times to the first touch and to the closing of a deal."""
SCORES = numpy.arange(101)
ABOVE, BELOW = 0.97, 0.04
"""Shares handed over of the leads above and below the threshold."""
QUIET = ("equal", "unequal", "mix")
PLANTED = (
    "score_inflation",
    "score_pile_up",
    "handover_jump",
    "rate_jump",
    "volume_without_acceptance",
    "rejection_without_reason",
)


@dataclass(frozen=True)
class Month:
    """What is true of the leads of one month."""

    leads: int
    shares: tuple[float, ...]
    fit: tuple[float, ...]
    """By source."""
    acceptance: float
    """Of a lead with score 50; it rises by `slope` a point."""
    cut: int = 50
    shift: int = 0
    """How much higher the scores are than what they stand for."""
    piled: float = 0.0
    """Share of the leads up to ten points under the threshold whose score is lifted over it."""
    vague: float = 0.15


@dataclass(frozen=True)
class World:
    """One CRM: its months and what holds in all of them. Days are medians, rates 0 to 1."""

    number: int
    kind: str
    months: tuple[Month, ...]
    slope: float
    conversion: float
    """Share of the accepted leads with a deal."""
    win: float
    touch_hours: float
    close_days: float

    @property
    def prefix(self) -> str:
        """What all its ids begin with."""
        return f"w{self.number:03d}-"

    @property
    def is_equal(self) -> bool:
        """All sources are the same but for their size."""
        return self.kind not in ("unequal", "mix")

    def accepted(self, month: int, scores: numpy.ndarray) -> numpy.ndarray:
        """The chance that sales accepts leads with these scores, once it decides."""
        this = self.months[month]
        return numpy.clip(this.acceptance + self.slope * (scores - this.shift - 50), 0.02, 0.98)

    def handed_over(self, month: int, scores: numpy.ndarray) -> numpy.ndarray:
        """The chance that leads with these scores are handed over."""
        return numpy.where(scores >= self.months[month].cut, ABOVE, BELOW)

    def scores(self, month: int) -> numpy.ndarray:
        """The chance of each score from 0 to 100."""
        this = self.months[month]
        chances = numpy.exp(-(((SCORES - 52 - this.shift) / 18) ** 2) / 2)
        chances /= chances.sum()
        under = slice(this.cut - 10, this.cut)
        lifted = chances[under].sum() * this.piled
        chances[under] *= 1 - this.piled
        chances[this.cut : this.cut + 5] += lifted / 5
        return chances

    def true_acceptance(self, month: int) -> float:
        """Accepted of decided leads."""
        weights = self.scores(month) * self.handed_over(month, SCORES)
        return float(weights @ self.accepted(month, SCORES) / weights.sum())

    def true_conversion(self, month: int) -> float:
        """Leads with a deal, of all leads."""
        weights = self.scores(month) * self.handed_over(month, SCORES)
        return float(weights @ self.accepted(month, SCORES)) * DECIDED * self.conversion

    def true_fit(self, month: int) -> float:
        """Leads that fit, of all leads."""
        return float(numpy.dot(self.months[month].shares, self.months[month].fit))


def worlds(count: int, rng: numpy.random.Generator) -> Iterator[World]:
    """Half of them quiet (in half of those the sources are equal), half with an alarm planted."""
    quiet = (QUIET[0], QUIET[1], QUIET[0], QUIET[2])
    for number in range(count):
        kind = quiet[number // 2 % 4] if number % 2 == 0 else PLANTED[number // 2 % len(PLANTED)]
        yield _world(number, kind, rng)


def _world(number: int, kind: str, rng: numpy.random.Generator) -> World:
    fit = numpy.full(len(SOURCES), rng.uniform(0.35, 0.60))
    if kind in ("unequal", "mix"):
        fit[BEST], fit[WEAK] = fit[BEST] + 0.30, fit[WEAK] - 0.25
    acceptance = rng.uniform(0.45, 0.60)
    months = [
        # No two months bring the same number of leads, in quiet times either.
        Month(int(volume * rng.lognormal(0, 0.1)), SHARES, tuple(map(float, fit)), acceptance)
        for volume in VOLUMES
    ]
    months[LAST] = _planted(kind, months[LAST])
    return World(
        number=number,
        kind=kind,
        months=tuple(months),
        slope=0.008,
        conversion=rng.uniform(0.35, 0.60),
        win=rng.uniform(0.20, 0.50),
        touch_hours=rng.uniform(8, 30),
        close_days=rng.uniform(20, 40),
    )


def _planted(kind: str, month: Month) -> Month:
    """The last month with what is planted in it."""
    changes = {
        "score_inflation": {"leads": int(month.leads * 1.5), "shift": 25},
        "score_pile_up": {"piled": 0.6},
        "handover_jump": {"cut": month.cut - 15},
        "rate_jump": {"fit": tuple(fit - 0.18 for fit in month.fit)},
        "volume_without_acceptance": {
            "leads": int(month.leads * 1.5),
            "acceptance": month.acceptance - 0.18,
        },
        "rejection_without_reason": {"vague": 0.55},
        "mix": {"shares": (0.65, 0.10, 0.10, 0.075, 0.075)},
    }
    return replace(month, **changes.get(kind, {}))  # type: ignore[arg-type]
