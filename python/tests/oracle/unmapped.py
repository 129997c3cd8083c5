"""Raw values that no definition knows on the day that counts, and how many rows have them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from .attributes import country_of
from .deals import Stages
from .people import Person
from .qualification import timeframe_months
from .records import Company
from .rules import Definitions
from .settings import Settings
from .story import Story

Row = dict[str, Any]
Found = tuple[str, str, str]  # CRM, field and raw value
# Field -> the seed to add the value to, and what it counts as until then.
FIELDS = {
    "country": ("country_names", "unknown"),
    "disqualification reason": ("disqualification_reasons", "unstated"),
    "lead source": ("lead_sources", "unknown"),
    "opportunity stage": ("opportunity_stages", "an open stage without an order"),
    "time frame": ("timeframes", "unknown"),
}


def unmapped_values(story: Story, rules: Definitions, settings: Settings) -> list[Row]:
    """One row per CRM, field and raw value (but statuses): of survivors, and of deals."""
    found: Counter[Found] = Counter()
    for person in story.people.persons:
        company = story.companies.get(person.company_id or "")
        found.update((person.crm, *one) for one in _of_person(person, company, rules))
    found.update(_of_deals(story, rules, settings))
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
