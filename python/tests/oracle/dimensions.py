"""Sources, campaigns, companies and owners, and how many rows each month of a CRM has."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from .attribution import ORIGINS
from .money import Rates
from .raw import Crm
from .rules import Definitions
from .settings import Settings
from .story import Story
from .values import key

Row = dict[str, Any]


def dim_sources(rules: Definitions, settings: Settings) -> list[Row]:
    """Every source that a definition names, with what it says of it today."""
    sources = {row["source"] for row in rules.tables["lead_sources"]}
    return [
        {
            "source": source,
            "channel": rules.about_source(source, "channel", settings.today),
            "demand_type": (
                demand_type := rules.about_source(source, "demand_type", settings.today)
            ),
            "origin": ORIGINS.get(demand_type, "unknown"),
        }
        for source in sources
    ]


def dim_dates(story: Story, settings: Settings) -> list[Row]:
    """Every day from the first event to as_of."""
    moments = [person.captured_at for person in story.people.persons]
    moments += [deal.created_at for deal in story.deals]
    day = min((settings.day(one) for one in moments if one), default=settings.today)
    rows = []
    while day <= settings.today:
        rows.append(
            {
                "date_day": day,
                "week_start": day - timedelta(days=day.weekday()),
                "month_start": day.replace(day=1),
                "quarter_start": day.replace(month=day.month - (day.month - 1) % 3, day=1),
                "year_number": day.year,
            }
        )
        day += timedelta(days=1)
    return rows


def dim_campaigns(story: Story, rates: Rates, settings: Settings) -> list[Row]:
    """Campaigns with what they cost and how many responses of leads they had."""
    found = [one for responses in story.responses.values() for one in responses]
    responses = Counter(one.campaign_id for one in found)
    rows = []
    for campaign in story.campaigns.by_id.values():
        starts = campaign.start_date
        cost = rates.convert(campaign.crm, campaign.cost, campaign.currency, starts).amount
        is_known = cost is not None and cost > 0 and not (starts and starts > settings.today)
        rows.append(
            {
                "campaign_id": campaign.id,
                "crm": campaign.crm,
                "campaign": campaign.name,
                "campaign_type": campaign.type,
                "source": story.campaigns.source(campaign, settings.today) or "unknown",
                "start_date": starts,
                "cost": cost if is_known else None,
                "responses": responses[campaign.id],
            }
        )
    return rows


def dim_companies(story: Story, rules: Definitions, settings: Settings) -> list[Row]:
    """Companies as their CRM has them, but for names of leads; their country as of now."""
    persons = {
        f"{key(lead.first_name)} {key(lead.last_name)}"
        for crm in story.crms
        for lead in crm.leads
        if lead.first_name and lead.last_name
    }
    return [
        {
            "company_id": company.id,
            "crm": crm.crm,
            "company_name": None if key(company.name) in persons else company.name,
            "industry": company.industry,
            "country_code": rules.mapped(
                "country_names", company.country, "country_code", settings.today
            ),
            "employees": company.employees,
        }
        for crm in story.crms
        for company in crm.companies.values()
    ]


def dim_owners(story: Story, leads: list[Row], deals: list[Row]) -> list[Row]:
    """Who is listed as a user, and whoever owns a lead or a deal."""
    listed = {owner.id: owner for crm in story.crms for owner in crm.owners}
    owning = {row["owner_id"] for row in (*leads, *deals) if row["owner_id"]}
    users = {one.id for one in listed.values() if one.type == "user"}
    rows = []
    for owner_id in owning | users:
        owner = listed.get(owner_id)
        rows.append(
            {
                "owner_id": owner_id,
                "crm": owner_id.partition(":")[0],
                "owner_type": owner.type if owner else "unknown",
                "is_active": owner.is_active if owner else None,
                "queue_name": owner.queue_name if owner else None,
            }
        )
    return rows


def _is_retained(moment: datetime | None, settings: Settings) -> bool:
    return moment is None or settings.day(moment) >= settings.first_kept_day


def row_profile(crms: list[Crm], story: Story, settings: Settings) -> list[Row]:
    """Leads and deals, merged ones too, by the month of creation; activities by that of doing."""
    counts: Counter[tuple[str, str, date | None]] = Counter()
    for crm in crms:
        for table, spec in crm.specs.items():
            created = spec.ends_by or ""
            for row in crm.rows[table] if spec.record_kind != "other" else ():
                is_read = row["row_status"] in ("used", "merged")
                is_read |= row["row_reason"] == "past_retention"
                if is_read and _is_retained(row[created], settings):
                    counts[crm.name, spec.record_kind, settings.month(row[created])] += 1
    for activity in story.activities:
        if activity.done_at and _is_retained(activity.done_at, settings):
            counts[activity.crm, "activity", settings.month(activity.done_at)] += 1
    return [
        {"crm": crm, "record_kind": kind, "created_month": month, "rows": count}
        for (crm, kind, month), count in counts.items()
    ]
