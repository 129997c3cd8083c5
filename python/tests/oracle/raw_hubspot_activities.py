"""HubSpot's calls, e-mails, tasks, meetings and form submissions as neutral records."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from hashlib import md5

from .raw import Crm
from .raw_generic import calendar_day
from .records import Meeting, ResponseRecord, Row, Task
from .settings import Settings
from .values import items, key


class Around:
    """Who and what an engagement is with; merged-away contacts are who they are now."""

    def __init__(self, crm: Crm, contacts: dict[str, str]) -> None:
        self.crm = crm
        self.contacts = contacts
        self.about = {row["engagement_id"]: row for row in crm.used("engagement")}
        listed = {row["engagement_id"] for row in crm.rows["engagement"]}
        self.gone = listed - self.about.keys()
        self.who = _sides(crm, "engagement_contact", "contact_id")
        self.what = _sides(crm, "engagement_deal", "deal_id")

    def rows(self, table: str) -> list[Row]:
        """The rows that count, unless the engagement itself is there and does not."""
        return [row for row in self.crm.used(table) if row["engagement_id"] not in self.gone]

    def people(self, row: Row) -> frozenset[str]:
        found = self.who[row["engagement_id"]] | self._listed(row, "contacts")
        return frozenset(self.contacts.get(contact, contact) for contact in found)

    def deals(self, row: Row) -> frozenset[str]:
        return frozenset(self.what[row["engagement_id"]] | self._listed(row, "deals"))

    def _listed(self, row: Row, column: str) -> set[str]:
        """The ids in a list on the row, or on the row in the table of all engagements."""
        about = self.about.get(row["engagement_id"], {})
        found = items(row[column]) + items(about.get(column))
        return {f"{self.crm.name}:{item}" for item in found}

    def moment(self, row: Row, column: str) -> datetime | None:
        """Of the row itself, else of the table of all engagements."""
        found: datetime | None = row[column] or self.about.get(row["engagement_id"], {}).get(column)
        return found


def _sides(crm: Crm, table: str, column: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in crm.used(table):
        found[row["engagement_id"]].add(row[column])
    return found


def tasks(crm: Crm, contacts: dict[str, str], settings: Settings) -> list[Task]:
    """Completed calls and e-mails, and tasks whether completed or not."""
    around = Around(crm, contacts)
    calls = [
        _task(row, "call", around)
        for row in around.rows("engagement_call")
        if key(row["hs_call_status"]) in ("", "completed")
    ]
    emails = [
        _task(row, "email", around)
        for row in around.rows("engagement_email")
        if key(row["hs_email_status"]) in ("", "sent")
    ]
    done = [one for one in calls + emails if (one.completed_at or settings.as_of) <= settings.as_of]
    return done + [_to_do(row, around, settings) for row in around.rows("engagement_task")]


def _task(row: Row, kind: str, around: Around) -> Task:
    """A completed call or e-mail; the table of all engagements may say that it came in."""
    about = around.about.get(row["engagement_id"], {}) if kind == "email" else {}
    told = row.get("hs_call_direction") or row.get("hs_email_direction")
    return Task(
        row["engagement_id"],
        around.people(row),
        around.deals(row),
        is_closed=True,
        created_at=around.moment(row, "hs_createdate"),
        completed_at=around.moment(row, "hs_timestamp"),
        due=None,
        kind=kind,
        disposition=row.get("hs_call_disposition"),
        words={
            "type": kind,
            "subject": row.get("hs_call_title") or row.get("hs_email_subject"),
            "direction": told or about.get("type"),
            "source": row["hs_engagement_source"],
        },
    )


def _to_do(row: Row, around: Around, settings: Settings) -> Task:
    due = around.moment(row, "hs_timestamp")
    return Task(
        row["engagement_id"],
        around.people(row),
        around.deals(row),
        is_closed=key(row["hs_task_status"]) == "completed",
        created_at=around.moment(row, "hs_createdate"),
        completed_at=row["hs_task_completion_date"] or due,
        due=calendar_day(due, settings),
        words={
            "type": "task",
            "subtype": row["hs_task_type"],
            "subject": row["hs_task_subject"],
            "source": row["hs_engagement_source"],
        },
    )


def meetings(crm: Crm, contacts: dict[str, str]) -> list[Meeting]:
    """All meetings; HubSpot knows outcomes, so none given is one that says nothing."""
    around = Around(crm, contacts)
    return [
        Meeting(
            row["engagement_id"],
            around.people(row),
            around.deals(row),
            created_at=around.moment(row, "hs_createdate"),
            starts_at=row["hs_meeting_start_time"] or around.moment(row, "hs_timestamp"),
            outcome=row["hs_meeting_outcome"] or "",
        )
        for row in around.rows("engagement_meeting")
    ]


def responses(crm: Crm, contacts: dict[str, str]) -> list[ResponseRecord]:
    """Form submissions; the offer is the form's name, else the page's title."""
    names = {row["guid"]: row["name"] for row in crm.used("form")}
    return [
        ResponseRecord(
            _submission_id(row, row["contact_id"], row["timestamp"]),
            contacts.get(row["contact_id"], row["contact_id"]),
            row["timestamp"],
            offer=names.get(row["form_id"]) or row["title"] or row["page_title"],
        )
        for row in crm.used("contact_form_submission")
    ]


def typed_responses(crm: Crm, contacts: dict[str, str]) -> list[ResponseRecord]:
    """Submissions that name no contact, where none are read that do: whose e-mail was typed."""
    if "contact_form_submission" in crm.columns:
        return []
    names = {row["guid"]: row["name"] for row in crm.used("form")}
    owners: dict[str, list[tuple[bool, str]]] = defaultdict(list)
    for row in crm.rows["contact"]:
        if row["id"] and row["row_status"] in ("used", "merged"):
            owners[key(row["email"])].append((row["row_status"] != "used", row["id"]))
    found = []
    for row in crm.used("form_submission"):
        contact = min(owners.get(row["email"], [(True, "")]))[1]
        told = _submission_id(row, row["email"] or "", row["submitted_at"])
        own = crm.key(md5(told.encode(), usedforsecurity=False).hexdigest()) or ""
        moment, offer = row["submitted_at"], names.get(row["form_id"])
        found.append(ResponseRecord(own, contacts.get(contact, contact), moment, offer=offer))
    return found


def _submission_id(row: Row, who: str, at: datetime | None) -> str:
    moment = f"{at:%Y-%m-%d %H:%M:%S}" if at else ""
    return "/".join((who, row["form_id"] or "", row["conversion_id"] or "", moment))
