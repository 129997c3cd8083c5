"""Stage visits of a lead, in the order they happened."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import zip_longest
from typing import Any

from .lifecycle import Event, Life
from .people import Person
from .settings import Settings

# These end a lead's way for now: no duration, and not open.
WITHOUT_DURATION = ("won", "lost", "rejected")


def lead_stages(person: Person, life: Life, settings: Settings) -> list[dict[str, Any]]:
    """Rows of fct_lead_stages of one lead."""
    runs: list[Event] = []
    for event in _all_visits(person, life):
        if not runs or runs[-1].stage != event.stage:
            runs.append(event)
    rows: list[dict[str, Any]] = []
    for run, following in zip_longest(runs, runs[1:]):
        entered_at = None if run.at == datetime.min else run.at
        is_open = following is None and run.stage not in WITHOUT_DURATION
        until = following.at if following else settings.as_of
        has_days = entered_at is not None and run.stage not in WITHOUT_DURATION
        rows.append(
            {
                "lead_id": person.id,
                "stage": run.stage,
                "visit_number": 1 + sum(row["stage"] == run.stage for row in rows),
                "entered_at": entered_at,
                "exited_at": following.at if following else None,
                "days_in_stage": days(run.at, until) if has_days else None,
                "is_open": is_open,
                "is_inferred": run.is_inferred,
                "is_bulk": run.is_bulk,
            }
        )
    return rows


def days(start: datetime, end: datetime) -> float:
    """Exact seconds / 86400, never negative."""
    return max((end - start).total_seconds(), 0.0) / 86400


def _all_visits(person: Person, life: Life) -> list[Event]:
    """Everything that brings a lead into a stage; nothing happens before the capture."""
    captured_at = person.captured_at or datetime.min  # a snapshot's first visit has no time
    found = [Event(captured_at, "captured"), *life.steps]
    if life.handed_over_at and life.is_handover_inferred:
        found.append(Event(life.handed_over_at, "handed_over", is_inferred=True))
    if life.accepted_at and life.is_acceptance_inferred:
        found.append(Event(life.accepted_at, "accepted", is_inferred=True))
    for deal in life.deals:
        if deal.created_at:
            found.append(Event(deal.created_at, "opportunity", id=deal.id))
        if deal.closed_at:
            found.append(Event(deal.closed_at, deal.outcome, id=deal.id))
    clamped = [replace(event, at=max(event.at, captured_at)) for event in found]
    if life.first_conversation_at:
        talked_at = max(life.first_conversation_at, captured_at)
        beyond = ("opportunity", "won", "lost")
        if not any(event.stage in beyond and event.at < talked_at for event in clamped):
            clamped.append(Event(talked_at, "conversation"))
    return sorted(clamped, key=lambda event: event.place)
