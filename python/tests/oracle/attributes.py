"""What is known of a company, a score and an age, in the words and bands that are published."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from .people import Person
from .records import Company, LeadRecord
from .rules import Definitions
from .settings import Settings
from .survival import quantile
from .values import key, says_nothing
from .visits import days

Row = dict[str, Any]
SIZES = ((0, "1-49"), (50, "50-249"), (250, "250-999"), (1000, "1000-4999"), (5000, "5000+"))
OF_COMPANY = ("industry", "country_code", "company_size")
CLOSED_WITHIN = 0.9  # a deal is mature at the age by which this share of all had closed


def industry_of(lead: LeadRecord, company: Company | None) -> str | None:
    """The lead's own, else its company's; a text that stands for none is none."""
    told = (lead.industry, company.industry if company else None)
    return next((one for one in told if not says_nothing(one)), None)


def country_of(lead: LeadRecord, company: Company | None) -> str | None:
    """The lead's own, else its company's, as written. NA is Namibia."""
    told = (lead.country, company.country if company else None)
    return next((one for one in told if key(one) == "na" or not says_nothing(one)), None)


def employees_of(lead: LeadRecord, company: Company | None) -> float | None:
    """The lead's own, else its company's; less than none is unknown."""
    told = (lead.employees, company.employees if company else None)
    return next((one for one in told if one is not None and one >= 0), None)


def company_columns(
    industry: str | None,
    country: str | None,
    employees: float | None,
    day: date,
    rules: Definitions,
) -> Row:
    """industry, country_code and company_size by the definitions of a day."""
    return {
        "industry": industry,
        "country_code": rules.mapped("country_names", country, "country_code", day),
        "company_size": company_size(employees),
    }


def lead_columns(person: Person, company: Company | None, rules: Definitions) -> Row:
    """What the fit verdict of a lead is judged by, and its score."""
    lead = person.survivor
    about = (industry_of(lead, company), country_of(lead, company), employees_of(lead, company))
    return company_columns(*about, person.day, rules) | {
        "lead_score": lead.score,
        "score_band": score_band(lead.score),
    }


def company_size(employees: float | None) -> str | None:
    """The band of a number of employees; None for none and for a negative one."""
    if employees is None or employees < 0:
        return None
    return [band for lowest, band in SIZES if employees >= lowest][-1]


def score_band(score: float | None) -> str | None:
    """Twenty points wide, open below 0 and from 100 on."""
    if score is None:
        return None
    if score < 0:
        return "below 0"
    lowest = int(score // 20) * 20
    return "100+" if lowest >= 100 else f"{lowest}-{lowest + 19}"


def deal_attributes(
    company: Company | None, opened: date, lead: Row | None, rules: Definitions
) -> Row:
    """Of the deal's company; where that says nothing, of the lead (a published row)."""
    own = (company.industry, company.country, company.employees) if company else (None, None, None)
    found = company_columns(*own, opened, rules)
    found["industry"] = None if says_nothing(found["industry"]) else found["industry"]
    return {name: found[name] or (lead[name] if lead else None) for name in OF_COMPANY}


def lead_columns_of_deal(lead: Row | None) -> Row:
    """What a deal has of the lead it came from (a published row)."""
    return {
        "campaign": lead["campaign"] if lead else None,
        "offer": lead["offer"] if lead else None,
        "is_sales_qualified": lead is not None and lead["accepted_at"] is not None,
    }


def mark_mature(deals: list[Row], settings: Settings) -> None:
    """Old enough that nine in ten of all closed deals had closed at that age."""
    lasted = [row["days_to_close"] for row in deals if row["days_to_close"] is not None]
    limit = quantile(sorted(lasted), CLOSED_WITHIN)
    for row in deals:
        row["is_mature"] = limit is not None and _age(row["created_at"], settings) >= limit


def _age(created_at: datetime | None, settings: Settings) -> float:
    """Days; without a creation younger than anything."""
    return days(created_at, settings.as_of) if created_at else float("-inf")
