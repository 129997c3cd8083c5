"""Any other CRM: the few tables of the generic layout, and what they say as neutral records."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time

from .raw import Crm
from .records import (
    Campaign,
    Change,
    Company,
    CrmRecords,
    DealContact,
    DealRecord,
    LeadRecord,
    Meeting,
    ResponseRecord,
    Row,
    Spend,
    StageChange,
    Status,
    Task,
)
from .settings import Settings
from .tables import Table, columns
from .values import key, says_nothing, words

TABLES: dict[str, Table] = {
    "leads": Table(
        columns("key", "lead_id owner opportunity_id")
        | columns("picklist", "status source industry timeframe disqualification_reason")
        | columns("label", "campaign offer country")
        | columns("text", "email title website pain")
        | columns("company", "company")
        | columns("number", "employees revenue score")
        | columns("time", "created_at handed_over_at accepted_at rejected_at"),
        key=("lead_id",),
        needs=("lead_id",),
        dated_by="created_at",
        ends_by="created_at",
        record_kind="lead",
    ),
    "opportunities": Table(
        columns("key", "opportunity_id owner")
        | columns("picklist", "stage source lost_reason")
        | {"currency": "label", "next_step": "text", "company": "company"}
        | {"amount": "number", "is_won": "flag", "is_closed": "flag"}
        | columns("time", "created_at closed_at"),
        key=("opportunity_id",),
        needs=("opportunity_id",),
        ends_by="created_at",
        record_kind="opportunity",
    ),
    "stage_events": Table(
        {"object": "label", "kind": "record", "id": "key", "stage": "picklist"}
        | {"entered_at": "time"},
        also={"kind": ("object",)},
        key=("kind", "id", "stage", "entered_at"),
        needs=("id",),
        dated_by="entered_at",
        ends_by="entered_at",
        shown="id",
    ),
    "activities": Table(
        columns("key", "activity_id lead_id opportunity_id owner")
        | columns("text", "type direction")
        | columns("time", "completed_at scheduled_at"),
        key=("activity_id",),
    ),
    "opportunity_contacts": Table(
        columns("key", "opportunity_id contact_id") | {"role": "label"},
        key=("opportunity_id", "contact_id", "role"),
        needs=("opportunity_id", "contact_id"),
    ),
    "spend": Table(
        columns("label", "campaign")
        | columns("picklist", "source")
        | {"month": "month"}
        | {"amount": "number"},
        key=(),
    ),
}
# Columns that the neutral records call by the same name.
PLAIN_LEAD = ["email", "company", "title", "industry", "employees", "country", "pain", "timeframe"]
PLAIN_LEAD += ["score"]
PLAIN_DEAL = ["created_at", "stage", "is_closed", "is_won", "amount", "currency", "next_step"]
MEETINGS = (" meeting ", " meetings ", " demo ", " demos ", " appointment ", " appointments ")
KINDS = {
    "call": (" call ", " calls ", " phone "),
    "email": (" email ", " emails ", " e mail ", " mail "),
}
DATES = {"handed_over_at": "handed_over", "accepted_at": "accepted", "rejected_at": "rejected"}


class Generic:
    """The layout of a CRM that nobody foresaw."""

    name = "generic"
    tables = TABLES
    signs = ("leads", "opportunities")

    def merged(self, crm: Crm) -> set[tuple[str, str]]:
        """Nothing tells of merges."""
        return set()

    def deleted(self, crm: Crm) -> set[tuple[str, str]]:
        """Only the record itself says that it was deleted."""
        return set()

    def is_snapshot(self, crm: Crm, table: str) -> bool:
        """Leads without creation times, where no stage events are either."""
        return (
            table == "leads"
            and "created_at" not in crm.columns["leads"]
            and "stage_events" not in crm.columns
        )

    def fault(self, crm: Crm, table: str, row: Row) -> str | None:
        """A stage event of something else than leads and opportunities."""
        if table != "stage_events" or row["kind"] in ("lead", "opportunity"):
            return None
        return f"unknown object {row['object']}" if row["object"] else "no object"

    def left_out(self, crm: Crm, table: str, row: Row) -> tuple[str, str] | None:
        """None beyond the rules of every table."""
        return None

    def read(self, crm: Crm, settings: Settings) -> CrmRecords:
        """The neutral records of one CRM."""
        leads, deals = crm.used("leads"), crm.used("opportunities")
        opened = {row["opportunity_id"]: row["created_at"] for row in _known_deals(crm)}
        events = [row for row in crm.used("stage_events") if row["kind"] == "lead"]
        activities = crm.used("activities")
        deleted = {row["lead_id"] for row in crm.rows["leads"] if row["row_reason"] == "deleted"}
        return CrmRecords(
            crm.name,
            leads=[_lead(row, opened, crm) for row in leads],
            changes=_changes(crm),
            first_history_at=min((row["entered_at"] for row in events), default=None),
            companies=_companies(leads + deals, crm),
            titles={row["lead_id"]: row["title"] for row in leads},
            company_of={
                row["lead_id"]: company for row in leads if (company := _company_id(row, crm))
            },
            tasks=[_task(row, settings) for row in activities if not _is_meeting(row)],
            meetings=[_meeting(row, settings) for row in activities if _is_meeting(row)],
            responses=[_response(row, crm) for row in leads if row["campaign"] or row["offer"]],
            campaigns=_campaigns(leads + crm.used("spend"), crm),
            spend=[_spend(row, crm) for row in crm.used("spend")],
            deals=[_deal(row, crm, settings) for row in deals],
            deal_changes=_deal_changes(crm),
            deal_contacts=[
                DealContact(row["opportunity_id"], row["contact_id"], row["role"])
                for row in crm.used("opportunity_contacts")
                if row["contact_id"] not in deleted
            ],
        )


def _known_deals(crm: Crm) -> list[Row]:
    return crm.used_or_later("opportunities")


def _lead(row: Row, opened: dict[str, datetime | None], crm: Crm) -> LeadRecord:
    """Converted when its opportunity was created."""
    deal_id = row["opportunity_id"]
    converted = opened.get(deal_id or "")
    if converted and row["created_at"]:
        converted = max(converted, row["created_at"])
    return LeadRecord(
        row=row,
        crm=row["crm"],
        layout="generic",
        id=row["lead_id"],
        created_at=row["created_at"],
        lead_source=row["source"],
        owner_id=row["owner"],
        is_converted=deal_id is not None,
        converted_at=converted,
        converted_opportunity_id=deal_id,
        contact_id=row["lead_id"],
        company_id=_company_id(row, crm),
        reason=row["disqualification_reason"],
        last_modified_at=row["last_modified_date"],
        statuses=[
            Status(
                "status",
                row["status"],
                row["last_modified_date"] or row["created_at"],
                row["last_modified_date"] is not None,
            )
        ],
        **{name: row[name] for name in PLAIN_LEAD} | {"company": _company(row)},
    )


def _company(row: Row) -> str | None:
    return None if says_nothing(row["company"]) else row["company"]


def _company_id(row: Row, crm: Crm) -> str | None:
    return crm.key(words(_company(row)).strip())


def _companies(rows: list[Row], crm: Crm) -> dict[str, Company]:
    names: dict[str, str] = {}
    for row in rows:
        if found := _company_id(row, crm):
            names[found] = min(row["company"], names.get(found, row["company"]))
    return {found: Company(found, name) for found, name in names.items()}


def _changes(crm: Crm) -> dict[str, list[Change]]:
    """Stage events of leads, and the three dates that a lead may carry."""
    found: dict[str, list[Change]] = defaultdict(list)
    for row in crm.used_or_later("stage_events"):
        if row["kind"] == "lead" and row["stage"]:
            change = Change("", row["id"], row["entered_at"], "status", row["stage"])
            found[row["id"]].append(change)
    for row in crm.used("leads"):
        for column, stage in DATES.items():
            if row[column]:
                found[row["lead_id"]].append(
                    Change("", row["lead_id"], row[column], "dates", stage=stage, is_history=False)
                )
    return found


def _task(row: Row, settings: Settings) -> Task:
    """Done when it has a completion, else scheduled."""
    return Task(
        row["activity_id"],
        who=_ids(row["lead_id"]),
        what=_ids(row["opportunity_id"]),
        is_closed=row["completed_at"] is not None,
        created_at=None,
        completed_at=row["completed_at"],
        due=calendar_day(row["scheduled_at"], settings),
        kind=_kind(row),
        words={"type": row["type"], "direction": row["direction"]},
    )


def _ids(one: str | None) -> frozenset[str]:
    return frozenset([one] if one else [])


def calendar_day(moment: datetime | None, settings: Settings) -> date | None:
    """Exactly midnight is a date; other moments fall on the day of the reporting time zone."""
    if moment is None or moment.time() == time():
        return moment and moment.date()
    return settings.day(moment)


def _is_meeting(row: Row) -> bool:
    return any(word in words(row["type"]) for word in MEETINGS)


def _kind(row: Row) -> str:
    """By a word of its type: call, else email, else task."""
    said = words(row["type"])
    return next((kind for kind, names in KINDS.items() if any(n in said for n in names)), "task")


def _meeting(row: Row, settings: Settings) -> Meeting:
    completed = row["completed_at"]
    is_completed = completed is not None and completed <= settings.as_of
    return Meeting(
        row["activity_id"],
        _ids(row["lead_id"]),
        _ids(row["opportunity_id"]),
        created_at=None,
        starts_at=completed if is_completed else row["scheduled_at"],
        outcome="completed" if is_completed else "scheduled",
    )


def _campaign_id(row: Row, crm: Crm) -> str | None:
    return crm.key(key(row["campaign"]))


def _response(row: Row, crm: Crm) -> ResponseRecord:
    """One at the creation of the lead."""
    return ResponseRecord(
        row["lead_id"],
        row["lead_id"],
        row["created_at"],
        campaign_id=_campaign_id(row, crm),
        offer=row["offer"],
    )


def _campaigns(rows: list[Row], crm: Crm) -> dict[str, Campaign]:
    """The name stands for the type as well."""
    names: dict[str, str] = {}
    for row in rows:
        found = _campaign_id(row, crm)
        if found:
            names[found] = min(row["campaign"], names.get(found, row["campaign"]))
    return {found: Campaign(found, crm.name, name, name) for found, name in names.items()}


def _spend(row: Row, crm: Crm) -> Spend:
    return Spend(row["month"], row["source"], _campaign_id(row, crm), row["amount"])


def _deal(row: Row, crm: Crm, settings: Settings) -> DealRecord:
    return DealRecord(
        row=row,
        crm=row["crm"],
        layout="generic",
        id=row["opportunity_id"],
        company_id=_company_id(row, crm),
        lead_source=row["source"],
        close_date=calendar_day(row["closed_at"], settings),
        closes_at=row["closed_at"],
        stage_key=key(row["stage"]),
        owner_id=row["owner"],
        **{name: row[name] for name in PLAIN_DEAL},
    )


def _deal_changes(crm: Crm) -> dict[str, list[StageChange]]:
    found: dict[str, list[StageChange]] = defaultdict(list)
    for row in crm.used_or_later("stage_events"):
        if row["kind"] == "opportunity" and row["stage"]:
            stage = row["stage"]
            found[row["id"]].append(StageChange(stage, stage, key(stage), row["entered_at"]))
    return found
