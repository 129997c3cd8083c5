"""Why did it fail, and where is the lead now?"""

from __future__ import annotations

from datetime import timedelta

from .lifecycle import Life
from .people import Person
from .rules import Definitions
from .settings import Settings


def standing_reason(
    person: Person, life: Life, rules: Definitions
) -> tuple[str, str] | tuple[None, None]:
    """Reason and issue of a standing rejection or disqualification."""
    if life.sales_decision not in ("rejected", "disqualified"):
        return None, None
    raw = person.survivor.reason
    reason = rules.mapped("disqualification_reasons", raw, "reason", person.day) or "unstated"
    issues = {row["reason"]: row["issue"] for row in rules.tables["disqualification_issues"]}
    return reason, issues[reason]


def is_due(life: Life, settings: Settings) -> bool:
    """Handed over at least the follow-up window before as_of."""
    window = timedelta(hours=settings.follow_up_sla_hours)
    return life.handed_over_at is not None and life.handed_over_at + window <= settings.as_of


def is_followed_up(life: Life, settings: Settings) -> bool:
    """Due, touched inside the window, and a conversation, a decision or enough touches."""
    window = timedelta(hours=settings.follow_up_sla_hours)
    return (
        is_due(life, settings)
        and bool(life.touches)
        and life.handed_over_at is not None
        and life.touches[0] <= life.handed_over_at + window
        and (
            life.first_conversation_at is not None
            or life.sales_decision is not None
            or len(life.touches) >= settings.min_attempts
        )
    )


def lead_state(life: Life, issue: str | None, settings: Settings) -> str:
    """Exactly one, the first that matches."""
    is_rejected = life.sales_decision in ("rejected", "disqualified")
    has_talked = life.first_conversation_at is not None
    has_decision = life.sales_decision is not None
    is_silent = bool(life.touches) and life.touches[-1] < settings.as_of - settings.leak
    states = {
        "won": life.is_won,
        "lost": life.outcome == "lost",
        "in_opportunity": life.outcome == "open",
        "bad_fit": is_rejected and issue == "fit",
        "disqualified": is_rejected,
        "nurture": bool(life.steps) and life.steps[-1].stage == "nurture",
        "in_conversation": has_talked,
        "accepted": life.accepted_at is not None,
        "unresponsive": len(life.touches) >= settings.min_attempts and not has_decision,
        "ignored": is_due(life, settings) and not life.touches,
        "stalled": is_silent and not life.is_scheduled,
        "working": bool(life.touches),
        "new": life.handed_over_at is not None,
        "not_handed_over": True,
    }
    return next(state for state, holds in states.items() if holds)
