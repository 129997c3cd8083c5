"""What a generator decided, counted by itself: no model and no oracle has a part in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Funnel:
    """Counts of the leads captured in a month from a source, and of what became of them."""

    leads: int = 0
    fit: int = 0
    handed_over: int = 0
    touched: int = 0
    accepted: int = 0
    rejected: int = 0
    vague: int = 0
    conversations: int = 0
    opportunities: int = 0
    won: int = 0
    lost: int = 0
    amount: float = 0.0

    def __add__(self, other: Funnel) -> Funnel:
        return Funnel(
            *(getattr(self, one.name) + getattr(other, one.name) for one in fields(Funnel))
        )

    @property
    def acceptance(self) -> float:
        """Accepted of all that were decided."""
        return self.accepted / (self.accepted + self.rejected)


@dataclass(frozen=True)
class Truth:
    """Funnels by (month as 2026-10, source as published)."""

    funnels: dict[tuple[str, str], Funnel]

    def total(self, month: str | None = None, source: str | None = None) -> Funnel:
        """The sum over a month, a source, both or all."""
        return _sum(
            funnel
            for (its_month, its_source), funnel in self.funnels.items()
            if month in (None, its_month) and source in (None, its_source)
        )

    @property
    def months(self) -> list[str]:
        return sorted({month for month, _ in self.funnels})

    @property
    def sources(self) -> list[str]:
        return sorted({source for _, source in self.funnels})


def _sum(funnels: Iterable[Funnel]) -> Funnel:
    return sum(funnels, Funnel())
