"""Touches: what reached a person or a deal, or came from them, one by one."""

from __future__ import annotations

from datetime import datetime
from itertools import product
from typing import Any

from .activities import Activity
from .attribution import Campaigns, Response
from .records import Campaign
from .settings import Settings
from .story import Story

Row = dict[str, Any]


def touch_rows(story: Story, settings: Settings) -> list[Row]:
    """Rows of fct_touches: of an activity one for each of its leads with each of its deals."""
    known = {deal.id for deal in story.deals}
    rows = []
    for act in story.activities:
        if act.done_at and act.shows_life:
            leads = {person.id for one in act.who if (person := story.people.of(one))}
            pairs = product(leads or [None], act.what & known or [None])
            rows += [_of_activity(act, *pair, settings) for pair in pairs if any(pair)]
    for responses in story.responses.values():
        for response in responses:
            if response.responded_at:
                at = response.responded_at
                rows.append(_of_response(response, at, story.campaigns, settings))
    return rows


def _of_activity(act: Activity, lead: str | None, deal: str | None, settings: Settings) -> Row:
    direction = "inbound" if act.is_inbound else "outbound"
    return {
        "touch_id": act.id,
        "crm": act.crm,
        "touched_at": act.done_at,
        "touched_on": settings.day(act.done_at) if act.done_at else None,
        "kind": act.kind,
        "direction": None if act.is_meeting else direction,
        "lead_id": lead,
        "opportunity_id": deal,
        "campaign": None,
    }


def _of_response(
    response: Response, responded_at: datetime, campaigns: Campaigns, settings: Settings
) -> Row:
    return {
        "touch_id": response.id,
        "crm": response.crm,
        "touched_at": responded_at,
        "touched_on": settings.day(responded_at),
        "kind": response_kind(response.campaign, campaigns, settings),
        "direction": "inbound",
        "lead_id": response.person.id,
        "opportunity_id": None,
        "campaign": response.campaign_name,
    }


def response_kind(campaign: Campaign | None, campaigns: Campaigns, settings: Settings) -> str:
    """event where the campaign stands for a source of that demand type, else material."""
    source = campaigns.source(campaign, settings.today) or "unknown"
    is_event = campaigns.rules.about_source(source, "demand_type", settings.today) == "event"
    return "event" if is_event else "material"
