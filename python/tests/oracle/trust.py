"""Can the CRM answer what a leader asks? Of how many rows the answer is known, by question."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from .same_deals import are_alike
from .scorecard import grouped, rate
from .settings import Settings
from .story import Story

Row = dict[str, Any]
Counts = tuple[int, int]  # rows that can answer, rows asked
HIGH = 0.9
PAID_FOR = ("paid", "event")
LEFT = ("ignored", "stalled", "unresponsive")
NEGATIVE = ("rejected", "disqualified")


def crm_trust(
    story: Story,
    leads: list[Row],
    deals: list[Row],
    stages: list[Row],
    spend: dict[tuple[date | None, str], float],
    settings: Settings,
) -> list[Row]:
    """One row per question, from the rows of the facts."""
    handed_over = [lead for lead in leads if lead["handed_over_at"]]
    negative = [lead for lead in leads if lead["sales_decision"] in NEGATIVE]
    left = [lead for lead in leads if lead["lead_state"] in LEFT and lead not in negative]
    not_of_sales = [deal for deal in deals if deal["origin"] != "sales"]
    paid = [lead for lead in leads if lead["demand_type"] in PAID_FOR]
    events = [event for life in story.lives.values() for event in life.events]
    counts: dict[int, Counts] = {
        1: _of(leads, lambda lead: lead["source"] != "unknown"),
        2: _of(leads, lambda lead: bool(lead["offer"] or lead["campaign"])),
        3: _of(leads, lambda lead: lead["fit_verdict"] != "unknown"),
        4: _of(handed_over, lambda lead: lead["sales_decision"] is not None),
        5: _of(negative, _has_reason),
        6: _of(handed_over, lambda lead: _shows_follow_up(lead, story)),
        7: _of(not_of_sales, lambda deal: deal["lead_id"] is not None),
        8: _of(negative + left, _has_reason),
        9: _of(deals, lambda deal: deal["contact_count"] > 0),
        10: _of(paid, lambda lead: (lead["created_month"], lead["source"]) in spend),
        11: (sum(not event.is_inferred for event in events), len(events)),
        12: _ends_where_the_deal_is(stages),
        13: _are_there_once(story, settings),
        14: _lost_are_on_record(deals),
        15: (0, 0),  # asks for tables and columns, not for rows
    }
    return [_row(order, *found, settings) for order, found in counts.items()]


def _of(rows: list[Row], test: Callable[[Row], bool]) -> Counts:
    return sum(map(test, rows)), len(rows)


def _has_reason(lead: Row) -> bool:
    return bool(lead["disqualification_reason"] != "unstated")


def _shows_follow_up(lead: Row, story: Story) -> bool:
    """Its handover is on record, and so are the activities of that time."""
    life = story.lives[lead["lead_id"]]
    handovers = [event for event in life.events if event.stage == "handed_over"]
    return bool(handovers) and not handovers[0].is_inferred and not lead["is_before_activities"]


def _ends_where_the_deal_is(stages: list[Row]) -> Counts:
    """Deals whose last visit is recorded."""
    last = {deal: rows[-1] for (deal,), rows in grouped(stages, "opportunity_id").items()}
    return _of(list(last.values()), lambda visit: not visit["is_inferred"])


def _are_there_once(story: Story, settings: Settings) -> Counts:
    """Deals of several CRMs: those that are like no deal of another are sure to be there once."""
    if len(story.crms) < 2:
        return 0, 0
    records = [deal.record for deal in story.deals]
    doubtful = [
        one
        for one in records
        if any(
            are_alike(one, other, story.companies, settings)
            for other in records
            if other.crm != one.crm
        )
    ]
    return len(records) - len(doubtful), len(records)


def _lost_are_on_record(deals: list[Row]) -> Counts:
    """Closed deals of the CRMs that keep lost ones."""
    closed = [deal for deal in deals if deal["outcome"] != "open"]
    keeping = {deal["crm"] for deal in closed if deal["outcome"] == "lost"}
    return _of(closed, lambda deal: deal["crm"] in keeping)


def _row(order: int, answerable: int, rows: int, settings: Settings) -> Row:
    share = rate(answerable, rows)
    grade = "none" if share is None else "high" if share >= HIGH else "medium"
    if share is not None and share < settings.min_answerable:
        grade = "low"
    return {
        "question_order": order,
        "answerable_rows": answerable,
        "rows": rows,
        "answerable_rate": share,
        "grade": grade,
    }
