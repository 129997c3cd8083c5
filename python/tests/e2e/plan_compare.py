"""Planned CRMs written in a layout, and their marts in the plan's own words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol

from builds import Row, read_table

from .compare import table_differences
from .plan import Plan
from .raw_tables import RawCrm, write_tables

FACTS = ["fct_leads", "fct_lead_stages", "fct_opportunities", "fct_opportunity_stages"]
FACTS += ["fct_responses", "fct_touches", "engaged_untied_contacts"]
SCORECARDS = ["lead_quality_by_source", "win_rate_by_source", "velocity_by_source"]
SCORECARDS += ["stage_reached_by_source", "disqualification_by_source", "follow_up_by_owner"]
SCORECARDS += ["pipeline_quality", "lead_velocity_by_source"]

# Columns whose values a layout may have for itself: column -> why.
OWN = {
    "crm": "the name of the folder",
    "campaign": "a form of HubSpot is of none, and the generic layout may know the offer alone",
    "source_raw": "HubSpot writes its own words for the sources that its analytics know",
}

# The same where a CRM has a share of the plans: its first activity is another one, or none.
OWN_OF_A_SHARE = {"is_before_activities"}
# How the plan's words for leads and deals begin.
PLANNED = "planned "


class Writer(Protocol):
    """A CRM of some layout: its name, which tells the layout, its keys and its tables."""

    crm: str

    def lead(self, plan: Plan, number: int) -> str: ...
    def deal(self, plan: Plan, number: int) -> str: ...
    def company(self, plan: Plan, number: int) -> str: ...
    def owner(self, number: int) -> str: ...
    def tables(self, plans: list[Plan]) -> RawCrm: ...


def write_plans(raw: Path, writer: Writer, plans: list[Plan]) -> Path:
    """Write `<raw>/<crm>/<table>.csv` and return raw; the layout is found by the name."""
    write_tables(raw / writer.crm, writer.tables(plans))
    return raw


def words_of(writer: Writer, plans: Iterable[Plan]) -> dict[str, dict[str, str]]:
    """Column -> key in the layout -> the plan's word for it."""
    leads, deals, companies = {}, {}, {}
    for plan in plans:
        for person in plan.persons:
            leads[writer.lead(plan, person.number)] = (
                f"{PLANNED}lead {person.number} of {plan.space}"
            )
        for deal in plan.deals:
            deals[writer.deal(plan, deal.number)] = f"{PLANNED}deal {deal.number} of {plan.space}"
        for company in plan.companies:
            companies[writer.company(plan, company)] = plan.company_name(company)
    owners = {writer.owner(number): f"owner {number}" for number in range(2)}
    words = {"lead_id": leads, "person_id": leads, "opportunity_id": deals}
    words["company_id"] = companies
    words["owner_id"] = owners
    return {
        column: {f"{writer.crm}:{key}": word for key, word in known.items()}
        for column, known in words.items()
    }


def in_plan_words(
    rows: list[Row], words: Mapping[str, Mapping[str, str]], besides: Iterable[str] = ()
) -> list[Row]:
    """Rows with every key translated, without the columns that are a layout's own.

    A response has the word of its lead, for a planned lead has one at most; a touch its moment and
    direction, for activities have ids of their own in every layout. An id that the plan
    does not know stays, so that it is a difference.
    """
    translated = []
    for row in rows:
        plain = {column: cell for column, cell in row.items() if column not in {*OWN, *besides}}
        for column, known in words.items():
            if column in plain:
                plain[column] = known.get(plain[column], plain[column])
        if "response_id" in plain:
            plain["response_id"] = plain["lead_id"]
        if "touch_id" in plain:
            plain["touch_id"] = f"{plain['direction']} {plain['touched_at']}"
        translated.append(plain)
    return translated


Built = tuple[Path, Writer, list[Plan]]


def mart(table: str, built: Built, besides: Iterable[str] = ()) -> list[Row]:
    """One table of a CRM of a build (marts file, writer and plans) in the plans' words."""
    marts, writer, plans = built
    own = [row for row in read_table(marts, table) if _has_key(row, f"{writer.crm}:")]
    return in_plan_words(own, words_of(writer, plans), besides)


def plan_differences(
    tables: Iterable[str], left: Built, right: Built, besides: Iterable[str] = ()
) -> list[str]:
    """What is not the same in two builds, one line each; both may hold other plans and CRMs.

    Args:
        tables: marts to compare.
        left: the build in question; a lead or deal of its CRM that is not of its plans is a
            difference.
        right: what it is held against; leads and deals that are not of its plans are left out.
        besides: columns that are not compared either.
    """
    found: list[str] = []
    for table in tables:
        wanted = [row for row in mart(table, right, besides) if _has_key(row, PLANNED)]
        found += table_differences(table, mart(table, left, besides), wanted)
    return found


def _has_key(row: Row, beginning: str) -> bool:
    """The row is of no single lead or deal, or one whose id begins so."""
    keys = [row[column] for column in ("lead_id", "opportunity_id") if row.get(column)]
    return not keys or any(key.startswith(beginning) for key in keys)
