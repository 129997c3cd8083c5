"""Raw values that no definition knows on the day that counts, and how many rows have them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from .attributes import country_of
from .attribution import first_campaign
from .deals import Stages
from .people import Person
from .qualification import timeframe_months
from .records import Company, CrmRecords
from .rules import Definitions
from .settings import Settings
from .story import Story

Row = dict[str, Any]
Found = tuple[str, str, str]  # CRM, field and raw value
# Field -> the seed to add the value to, and what it counts as until then.
FIELDS = {
    "call outcome": ("call_outcomes", "no conversation"),
    "campaign type": ("lead_sources", "unknown"),
    "contact role": ("contact_roles", "no decision maker"),
    "country": ("country_names", "unknown"),
    "disqualification reason": ("disqualification_reasons", "unstated"),
    "lead source": ("lead_sources", "unknown"),
    "meeting outcome": ("meeting_outcomes", "not held"),
    "opportunity stage": ("opportunity_stages", "an open stage without an order"),
    "spend source": ("lead_sources", "unknown"),
    "time frame": ("timeframes", "unknown"),
    "utm medium": ("utm_mediums", "unknown"),
    "utm source": ("lead_sources", "unknown"),
}


def unmapped_values(story: Story, rules: Definitions, settings: Settings) -> list[Row]:
    """One row per CRM, field and raw value (but statuses): of survivors, and of deals."""
    found: Counter[Found] = Counter()
    for person in story.people.persons:
        company = story.companies.get(person.company_id or "")
        found.update((person.crm, *one) for one in _of_person(person, company, rules))
        if story.source_of[person.id] == "unknown":
            found.update((person.crm, *one) for one in _of_sourceless(person, story, rules))
    found.update(_of_deals(story, rules, settings))
    found.update(_of_roles(story, rules, settings))
    for crm in story.crms:
        found.update((crm.crm, *one) for one in _of_crm(crm, rules, settings))
    return [
        {
            "crm": crm,
            "field": field,
            "raw_value": value,
            "rows": count,
            "seed": FIELDS[field][0],
            "treated_as": FIELDS[field][1],
        }
        for (crm, field, value), count in found.items()
    ]


def _of_person(
    person: Person, company: Company | None, rules: Definitions
) -> Iterator[tuple[str, str]]:
    lead, day = person.survivor, person.day
    country = country_of(lead, company)
    if country and not rules.mapped("country_names", country, "country_code", day):
        yield "country", country
    if lead.reason and not rules.mapped("disqualification_reasons", lead.reason, "reason", day):
        yield "disqualification reason", lead.reason
    if lead.lead_source and not rules.mapped("lead_sources", lead.lead_source, "source", day):
        yield "lead source", lead.lead_source
    if lead.timeframe and timeframe_months(lead.timeframe, person, rules) is None:
        yield "time frame", lead.timeframe


def _of_deals(story: Story, rules: Definitions, settings: Settings) -> Iterator[Found]:
    """Where a deal stands now, and the own source of one that came from no lead."""
    stages = {crm.crm: Stages(crm, rules) for crm in story.crms}
    for deal in story.deals:
        record = deal.record
        day = settings.day(deal.created_at or settings.as_of)
        own = stages[record.crm]
        place = deal.visits[-1].stage_key if deal.visits else ""
        if place and not own.is_known(place, day):
            yield record.crm, "opportunity stage", deal.stage or ""
        source = record.lead_source
        is_known = not source or rules.mapped("lead_sources", source, "source", day)
        if deal.id not in story.links.lead_of and source and not is_known:
            yield record.crm, "lead source", source


def _of_sourceless(person: Person, story: Story, rules: Definitions) -> Iterator[tuple[str, str]]:
    """What a lead without a source has instead."""
    lead, day = person.survivor, person.day
    campaign = first_campaign(story.responses.get(person.id, []))
    kind = campaign.type if campaign and campaign.type != campaign.name else None
    if lead.utm_medium and not rules.mapped("utm_mediums", lead.utm_medium, "source", day):
        yield "utm medium", lead.utm_medium
    if lead.utm_source and not rules.mapped("lead_sources", lead.utm_source, "source", day):
        yield "utm source", lead.utm_source
    if kind and not rules.mapped("lead_sources", kind, "source", day):
        yield "campaign type", kind


def _of_roles(story: Story, rules: Definitions, settings: Settings) -> Iterator[Found]:
    for deal in story.deals:
        day = settings.day(deal.created_at or settings.as_of)
        held = {(one.contact_id, one.role) for one in story.links.contacts_of[deal.id] if one.role}
        for _, role in held:
            if not rules.mapped("contact_roles", role, "authority", day):
                yield deal.record.crm, "contact role", role


def _of_crm(crm: CrmRecords, rules: Definitions, settings: Settings) -> Iterator[tuple[str, str]]:
    """How calls and meetings went, and what money was spent on."""
    for task in crm.tasks:
        day, outcome = settings.day(task.created_at or settings.as_of), task.disposition
        known = rules.mapped("call_outcomes", outcome, "is_conversation", day)
        if task.kind == "call" and outcome and not known:
            yield "call outcome", outcome
    for meeting in crm.meetings:
        day, outcome = settings.day(meeting.created_at or settings.as_of), meeting.outcome
        if outcome and not rules.mapped("meeting_outcomes", outcome, "is_held", day):
            yield "meeting outcome", outcome
    for row in crm.spend:
        day = row.month or settings.today
        is_spent = row.amount and row.amount > 0 and day <= settings.today
        known = rules.mapped("lead_sources", row.lead_source, "source", day)
        if is_spent and row.lead_source and not known:
            yield "spend source", row.lead_source
