"""How long leads take from one milestone to the next, split by where they ended."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from itertools import pairwise
from typing import Any

from .intervals import median_interval
from .settings import Settings
from .survival import median_with_open, quantile
from .visits import days

Row = dict[str, Any]
CHAIN = {
    "captured": "created_at",
    "handed_over": "handed_over_at",
    "first_touch": "first_touch_at",
    "accepted": "accepted_at",
    "conversation": "first_conversation_at",
    "opportunity": "opportunity_at",
    "won": "closed_at",
}


def lead_velocity_by_source(leads: list[Row], settings: Settings) -> list[Row]:
    """By source, step and outcome of the lead; who still waits for the step is censored."""
    finished: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    waiting: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    for lead in leads:
        outcome = outcome_of(lead)
        chain = milestones(lead)
        for (_, before), (step, after) in pairwise(chain):
            finished[lead["source"], step, outcome].append(days(before, after))
        if outcome == "open" and chain:
            last, since = chain[-1]
            step = list(CHAIN)[list(CHAIN).index(last) + 1]
            waiting[lead["source"], step, outcome].append(days(since, settings.as_of))
    return [
        _row(group, sorted(finished[group]), waiting[group], settings)
        for group in {*finished.keys(), *waiting.keys()}
    ]


def outcome_of(lead: Row) -> str:
    """won or lost where the lead is now, else rejected when that stands, else open."""
    if lead["lead_state"] in ("won", "lost"):
        return str(lead["lead_state"])
    return "rejected" if lead["sales_decision"] in ("rejected", "disqualified") else "open"


def milestones(lead: Row) -> list[tuple[str, datetime]]:
    """The lead's own chain: each milestone that it has, with its moment."""
    return [
        (step, lead[column])
        for step, column in CHAIN.items()
        if lead[column] and (step != "won" or lead["outcome"] == "won")
    ]


def _row(
    group: tuple[str, str, str], finished: list[float], waiting: list[float], settings: Settings
) -> Row:
    source, step, outcome = group
    low, high = median_interval(finished, waiting)
    return {
        "source": source,
        "step": step,
        "outcome": outcome,
        "finished_leads": len(finished),
        "open_leads": len(waiting),
        "mean_days": sum(finished) / len(finished) if finished else None,
        "median_days": median_with_open(finished, waiting),
        "median_days_low": low,
        "median_days_high": high,
        "median_days_is_small_sample": len(finished) + len(waiting) < settings.min_sample,
        "p75_days": quantile(finished, 0.75),
        "p90_days": quantile(finished, 0.9),
    }
