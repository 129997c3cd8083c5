"""Leads of one source and month at given rates, and who decides which lead has which fate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from random import Random


@dataclass(frozen=True)
class Rates:
    """How often things happen.

    Attributes:
        decided: of the leads; all of them were handed over.
        accepted: of the decided, unless the cohort says it by score.
        fit: of the leads that were not accepted; of the accepted ones nine in ten fit.
        prompt: of the leads, touched five hours after the handover; the others after forty when
            they were decided, else never.
        vague: of the rejected, without a reason that says something.
        talked: of the accepted.
        opened: of those who talked, with a deal.
        won, lost: of the deals; the rest stay open.
    """

    decided: float = 0.9
    accepted: float = 0.4
    fit: float = 0.3
    prompt: float = 0.85
    vague: float = 0.1
    talked: float = 0.7
    opened: float = 0.6
    won: float = 0.3
    lost: float = 0.4


@dataclass(frozen=True)
class Cohort:
    """`leads` of a source in a month.

    Attributes:
        month: its first day.
        source: as published.
        raw_source: as the CRM has it; None when nobody wrote it down.
        campaign: name of what they responded to; None when nobody wrote it down.
        cost: of the campaign, in the reporting currency; None when nobody wrote it down.
        by_score: score -> acceptance of the decided leads with it; every score as often.
    """

    month: datetime
    source: str
    leads: int
    rates: Rates = field(default_factory=Rates)
    raw_source: str | None = None
    campaign: str | None = None
    cost: float | None = None
    by_score: Mapping[int, float] = field(default_factory=dict)


class Fate:
    """Says of one lead after another what happens to it.

    Args:
        is_exact: as often as the rate says, but for less than one; else by the dice alone.
    """

    def __init__(self, random: Random, is_exact: bool) -> None:
        self.random = random
        self.is_exact = is_exact
        self.owed: dict[str, float] = {}

    def holds(self, what: str, rate: float) -> bool:
        if not self.is_exact:
            return self.random.random() < rate
        self.owed[what] = self.owed.get(what, 0.5) + rate
        if self.owed[what] < 1 - 1e-9:
            return False
        self.owed[what] -= 1
        return True
