"""Where did it come from, what did they respond to, and what did it cost?"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from .deals import Deal
from .links import Links
from .money import Rates
from .people import People, Person
from .records import Campaign, CrmRecords, Spend
from .rules import Definitions
from .settings import Settings

ORIGINS = dict.fromkeys(["paid", "organic", "event", "referral"], "marketing")
ORIGINS |= {"outbound": "sales", "partner": "partner"}
Costs = dict[tuple[date | None, str], float]  # (month, source) -> reporting currency


@dataclass
class Response:
    """One reaction of a person to something offered; `campaign` is None when it is not known."""

    id: str
    crm: str
    person: Person
    responded_at: datetime | None
    campaign_id: str | None
    campaign: Campaign | None
    offer: str | None
    number: int = 0

    @property
    def campaign_name(self) -> str | None:
        return self.campaign.name if self.campaign else None


class Campaigns:
    """Campaigns by id, and the source that a campaign's type or name stands for."""

    def __init__(self, crms: list[CrmRecords], rules: Definitions) -> None:
        self.rules = rules
        self.by_id = {key: one for crm in crms for key, one in crm.campaigns.items()}

    def source(self, campaign: Campaign | None, day: date) -> str | None:
        if campaign is None:
            return None
        by_type = self.rules.known_source(campaign.type, day)
        return by_type or self.rules.known_source(campaign.name, day)

    def find(self, campaign_id: str | None) -> Campaign | None:
        return self.by_id.get(campaign_id or "")


def read_responses(
    crms: list[CrmRecords], people: People, campaigns: Campaigns, settings: Settings
) -> dict[str, list[Response]]:
    """lead id -> responses in order, numbered from 1."""
    grouped: dict[str, list[Response]] = defaultdict(list)
    for crm in crms:
        for record in crm.responses:
            person = people.of(record.lead_id) or people.of(record.contact_id)
            moment = record.responded_at
            if person is not None and (moment is None or moment <= settings.as_of):
                campaign = campaigns.find(record.campaign_id)
                offer = record.offer or (campaign.name if campaign else None)
                grouped[person.id].append(
                    Response(
                        record.id, crm.crm, person, moment, record.campaign_id, campaign, offer
                    )
                )
    for responses in grouped.values():
        responses.sort(key=lambda one: (one.responded_at or datetime.max, one.id))
        for number, response in enumerate(responses, start=1):
            response.number = number
    return grouped


def first_campaign(responses: list[Response]) -> Campaign | None:
    """Of the first response to a campaign that exists."""
    return next((one.campaign for one in responses if one.campaign), None)


def lead_source(
    person: Person, first: Campaign | None, campaigns: Campaigns, rules: Definitions
) -> str:
    """The first that is known: lead source, first campaign, utm medium, utm source."""
    lead, day = person.survivor, person.day
    medium = rules.mapped("utm_mediums", lead.utm_medium, "source", day)
    return (
        rules.known_source(lead.lead_source, day)
        or campaigns.source(first, day)
        or (None if medium == "unknown" else medium)
        or rules.known_source(lead.utm_source, day)
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
        campaigns.rules.known_source(deal.record.lead_source, day)
        or campaigns.source(campaigns.find(deal.record.campaign_id), day)
        or "unknown"
    )


def spend(
    crms: list[CrmRecords],
    campaigns: Campaigns,
    responses: list[Response],
    source_of: dict[str, str],
    rates: Rates,
    settings: Settings,
) -> Costs:
    """(month, source) -> cost of campaigns, and what is spent besides."""
    total: Costs = defaultdict(float)
    for campaign in campaigns.by_id.values():
        cost = rates.convert(
            campaign.crm, campaign.cost, campaign.currency, campaign.start_date
        ).amount
        starts = campaign.start_date
        if cost is not None and cost > 0 and not (starts and starts > settings.today):
            own = [one for one in responses if one.campaign_id == campaign.id]
            month = _month_of_cost(campaign, own, settings)
            for source, share in _shares(campaign, own, source_of, campaigns, settings).items():
                total[month, source] += cost * share
    for crm in crms:
        for row in crm.spend:
            if row.amount and row.amount > 0 and not (row.month and row.month > settings.today):
                _add_spend(total, row, row.amount, responses, source_of, campaigns, settings)
    return {
        (month, source): cost
        for (month, source), cost in total.items()
        if month is None or month >= settings.first_kept_day
    }


def _add_spend(
    total: Costs,
    row: Spend,
    amount: float,
    responses: list[Response],
    source_of: dict[str, str],
    campaigns: Campaigns,
    settings: Settings,
) -> None:
    """All of it for the row's own source, else as a cost of its campaign."""
    source = campaigns.rules.known_source(row.lead_source, row.month or settings.today)
    if source:
        total[row.month, source] += amount
        return
    campaign = campaigns.find(row.campaign_id)
    own = [one for one in responses if row.campaign_id and one.campaign_id == row.campaign_id]
    month = row.month or _first_month(own, settings)
    for source, share in _shares(campaign, own, source_of, campaigns, settings).items():
        total[month, source] += amount * share


def _shares(
    campaign: Campaign | None,
    own: list[Response],
    source_of: dict[str, str],
    campaigns: Campaigns,
    settings: Settings,
) -> dict[str, float]:
    """Source -> its share of a cost, over the leads that responded to the campaign."""
    leads = {response.person.id for response in own}
    if not leads:
        return {campaigns.source(campaign, settings.today) or "unknown": 1.0}
    shares: dict[str, float] = defaultdict(float)
    for lead in leads:
        shares[source_of[lead]] += 1 / len(leads)
    return shares


def _month_of_cost(
    campaign: Campaign, responses: list[Response], settings: Settings
) -> date | None:
    if campaign.start_date:
        return campaign.start_date.replace(day=1)
    return _first_month(responses, settings)


def _first_month(responses: list[Response], settings: Settings) -> date | None:
    moments = [one.responded_at for one in responses if one.responded_at]
    return settings.month(min(moments, default=None))
