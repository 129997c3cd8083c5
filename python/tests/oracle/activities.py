"""What sales did: tasks, calls and meetings, and whose they are."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, time

from .accounting import used
from .people import People
from .raw import Crm, Row
from .rules import Definitions, applies
from .settings import Settings
from .values import key


@dataclass(frozen=True)
class Activity:
    """One task or meeting.

    `done_at` is when it was completed or held, None when that has not happened by as_of;
    `is_scheduled` says that it is still to come and counts as a next step.
    """

    who_id: str | None
    what_id: str | None
    is_meeting: bool
    done_at: datetime | None
    is_scheduled: bool
    is_auto_logged: bool = False
    is_inbound: bool = False
    is_connected_call: bool = False

    @property
    def is_outbound_act(self) -> bool:
        """A touch, when it is done at or after the handover."""
        return not (self.is_meeting or self.is_inbound or self.is_auto_logged)

    @property
    def is_conversation(self) -> bool:
        return self.is_meeting or self.is_connected_call

    @property
    def shows_life(self) -> bool:
        """Counts as activity on a deal."""
        return self.is_meeting or not self.is_auto_logged


def read_activities(crms: list[Crm], rules: Definitions, settings: Settings) -> list[Activity]:
    """All tasks and meetings that count."""
    found = []
    for crm in crms:
        found += [_task(row, rules, settings) for row in used(crm, "task")]
        found += [_meeting(row, settings) for row in used(crm, "event")]
    return found


def by_lead(activities: list[Activity], people: People) -> dict[str, list[Activity]]:
    """lead id -> the activities of the lead, also those re-pointed to the converted contact."""
    grouped: dict[str, list[Activity]] = defaultdict(list)
    for activity in activities:
        person = people.of(activity.who_id)
        if person:
            grouped[person.id].append(activity)
    return grouped


def _task(row: Row, rules: Definitions, settings: Settings) -> Activity:
    completed_at = _completed_at(row)
    is_closed = row["is_closed"]
    if is_closed is None:
        is_closed = key(row["status"]) in ("completed", "closed")
    is_done = is_closed and (completed_at is None or completed_at <= settings.as_of)
    due = row["activity_date"]
    classes = _classes(row, rules, settings)
    is_call = "call" in (key(row["type"]), key(row["task_subtype"]))
    day = settings.day(row["created_date"] or settings.as_of)
    outcome = rules.mapped("call_outcomes", row["call_disposition"], "is_conversation", day)
    return Activity(
        who_id=row["who_id"],
        what_id=row["what_id"],
        is_meeting=False,
        done_at=completed_at if is_done else None,
        is_scheduled=not is_done and (due is None or due >= settings.today),
        is_auto_logged="auto_logged" in classes,
        is_inbound="inbound" in classes,
        is_connected_call=is_call and outcome == "true",
    )


def _completed_at(row: Row) -> datetime | None:
    """completed_date_time, else the later of creation and due date."""
    if row["completed_date_time"]:
        return datetime.fromisoformat(row["completed_date_time"].isoformat())
    due = row["activity_date"] and datetime.combine(row["activity_date"], time())
    return max((moment for moment in (row["created_date"], due) if moment), default=None)


def _classes(row: Row, rules: Definitions, settings: Settings) -> set[str]:
    fields = {"subtype": row["task_subtype"], "type": row["type"]}
    fields |= {"subject": row["subject"], "direction": row["call_type"]}
    day = settings.day(row["created_date"] or settings.as_of)
    return {
        rule["activity_class"]
        for rule in rules.in_force("activity_rules", day)
        if applies(rule["operator"], rule["value"], fields[rule["field"]])
    }


def _meeting(row: Row, settings: Settings) -> Activity:
    starts = row["start_date_time"] or row["activity_date_time"] or row["activity_date"]
    is_held = starts is not None and starts <= settings.as_of
    return Activity(
        who_id=row["who_id"],
        what_id=row["what_id"],
        is_meeting=True,
        done_at=starts if is_held else None,
        is_scheduled=starts is not None and not is_held,
    )
