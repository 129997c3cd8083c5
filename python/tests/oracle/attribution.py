"""Where did it come from, what did they respond to, and what did it cost?"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from .accounting import used
from .deals import Deal
from .links import Links
from .money import Rates
from .people import People, Person
from .raw import Crm, Row
from .rules import Definitions
from .settings import Settings

ORIGINS = dict.fromkeys(["paid", "organic", "event", "referral"], "marketing")
ORIGINS |= {"outbound": "sales", "partner": "partner"}


@dataclass
class Response:
    """One reaction of a person to a campaign; `campaign` is None when its row is not there."""

    id: str
    person: Person
    responded_at: datetime | None
    campaign_id: str | None
    campaign: Row | None
    number: int = 0

    @property
    def offer(self) -> str | None:
        return self.campaign["name"] if self.campaign else None


class Campaigns:
    """Campaigns by id, and the source that a campaign's type or name stands for."""

    def __init__(self, crms: list[Crm], rules: Definitions) -> None:
        self.rules = rules
        self.by_id = {row["id"]: row for crm in crms for row in used(crm, "campaign")}

    def source(self, campaign: Row | None, day: date) -> str | None:
        if campaign is None:
            return None
        by_type = self.rules.known_source(campaign["type"], day)
        return by_type or self.rules.known_source(campaign["name"], day)


def read_responses(
    crms: list[Crm], people: People, campaigns: Campaigns, settings: Settings
) -> dict[str, list[Response]]:
    """lead id -> responses in order, numbered from 1."""
    grouped: dict[str, list[Response]] = defaultdict(list)
    for crm in crms:
        for row in used(crm, "campaign_member"):
            person = people.of(row["lead_id"]) or people.of(row["contact_id"])
            responded = row["first_responded_date"]
            if person is None or not (row["has_responded"] or responded):
                continue
            moments = [moment for moment in (responded, row["created_date"]) if moment]
            moment = max(moments, default=None)
            if moment is None or moment <= settings.as_of:
                campaign = campaigns.by_id.get(row["campaign_id"])
                grouped[person.id].append(
                    Response(row["id"], person, moment, row["campaign_id"], campaign)
                )
    for responses in grouped.values():
        responses.sort(key=lambda one: (one.responded_at or datetime.max, one.id))
        for number, response in enumerate(responses, start=1):
            response.number = number
    return grouped


def lead_source(
    person: Person, first: Response | None, campaigns: Campaigns, rules: Definitions
) -> str:
    """The first that is known: lead source, first response's campaign, utm medium, utm source."""
    lead, day = person.survivor, person.day
    medium = rules.mapped("utm_mediums", lead["utm_medium_c"], "source", day)
    return (
        rules.known_source(lead["lead_source"], day)
        or campaigns.source(first.campaign if first else None, day)
        or (None if medium == "unknown" else medium)
        or rules.known_source(lead["utm_source_c"], day)
        or "unknown"
    )


def deal_source(
    deal: Deal,
    links: Links,
    source_of: dict[str, str],
    campaigns: Campaigns,
    settings: Settings,
) -> str:
    """The lead's source; without a lead its own, then its campaign's."""
    if deal.id in links.lead_of:
        return source_of[links.lead_of[deal.id][0].id]
    day = settings.day(deal.created_at or settings.as_of)
    return (
        campaigns.rules.known_source(deal.row["lead_source"], day)
        or campaigns.source(campaigns.by_id.get(deal.row["campaign_id"]), day)
        or "unknown"
    )


def spend(
    campaigns: Campaigns,
    responses: list[Response],
    source_of: dict[str, str],
    rates: Rates,
    settings: Settings,
) -> dict[tuple[date | None, str], float]:
    """(month, source) -> cost of campaigns, over the sources of the leads that responded."""
    total: dict[tuple[date | None, str], float] = defaultdict(float)
    for campaign in campaigns.by_id.values():
        cost = rates.convert(campaign, "actual_cost", campaign["start_date"])
        if cost is None or cost <= 0:
            continue
        if campaign["start_date"] and campaign["start_date"] > settings.today:
            continue
        own = [one for one in responses if one.campaign_id == campaign["id"]]
        month = _month_of_cost(campaign, own, settings)
        leads = {response.person.id for response in own}
        for lead in leads:
            total[month, source_of[lead]] += cost / len(leads)
        if not leads:
            source = campaigns.source(campaign, settings.today) or "unknown"
            total[month, source] += cost
    return total


def _month_of_cost(campaign: Row, responses: list[Response], settings: Settings) -> date | None:
    if campaign["start_date"]:
        first: date = campaign["start_date"].replace(day=1)
        return first
    moments = [one.responded_at for one in responses if one.responded_at]
    return settings.month(min(moments, default=None))
