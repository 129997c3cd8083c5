"""How many leads of a group got how far, and the cuts of a period's leads into such groups."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

CUTS = ("source", "campaign", "offer")
Group = Mapping[str, Any]
"""A source, campaign and offer with the counts of a funnel."""


@dataclass
class Funnel:
    """How many leads of a group got how far, of all those captured in the period."""

    leads: int = 0
    target_market: int = 0
    fit: int = 0
    fit_known: int = 0
    accepted: int = 0
    conversations: int = 0
    opportunities: int = 0
    strong: int = 0
    failed: int = 0
    undecided: int = 0
    not_handed_over: int = 0
    paid: int = 0
    mature: int = 0
    """Old enough for the conversion horizon."""

    @property
    def decided(self) -> int:
        """Leads that sales has decided on."""
        return self.leads - self.undecided - self.not_handed_over

    def __add__(self, other: "Funnel") -> "Funnel":
        return Funnel(
            *(getattr(self, each.name) + getattr(other, each.name) for each in fields(self))
        )


def whole(groups: Sequence[Group]) -> Funnel:
    """All groups together."""
    return sum(map(_funnel, groups), Funnel())


def cut(groups: Sequence[Group], by: str) -> dict[str, Funnel]:
    """Value of the cut -> its leads; leads without a value are left out."""
    found: dict[str, Funnel] = defaultdict(Funnel)
    for group in groups:
        if group[by] not in (None, "unknown"):
            found[group[by]] += _funnel(group)
    return dict(found)


def told_apart(groups: Sequence[Group]) -> dict[str, dict[str, Funnel]]:
    """The cuts of the leads, without those that would tell the same story again."""
    cuts = {by: cut(groups, by) for by in CUTS}
    if all(group["campaign"] == group["offer"] for group in groups if group["offer"]):
        del cuts["offer"]
    for by in ("campaign", "offer"):
        if paired(groups, "source", by) is not None:
            cuts.pop(by, None)
    return cuts


def paired(groups: Sequence[Group], one: str, other: str) -> dict[str, str] | None:
    """One -> other when both cut the leads in the same way, else None."""
    pairs = {(group[one], group[other]) for group in groups} - {("unknown", None), (None, None)}
    named = {(a, b) for a, b in pairs if a is not None and b is not None}
    if len(named) == len({a for a, _ in pairs}) == len({b for _, b in pairs}) == len(pairs):
        return dict(named)
    return None


def _funnel(group: Group) -> Funnel:
    return Funnel(**{each.name: group[each.name] for each in fields(Funnel)})
