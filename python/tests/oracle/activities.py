"""What sales did: tasks, calls and meetings, and whose they are."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from .people import People
from .records import CrmRecords, Meeting, Task
from .rules import Definitions, applies
from .settings import Settings


@dataclass(frozen=True)
class Activity:
    """One task or meeting.

    `done_at` is when it was completed or held, None when that has not happened by as_of;
    `is_scheduled` says that it is still to come and counts as a next step.
    """

    crm: str
    id: str
    kind: str  # call, email, task or meeting
    who: frozenset[str]
    what: frozenset[str]
    done_at: datetime | None
    is_scheduled: bool
    is_auto_logged: bool = False
    is_inbound: bool = False
    is_connected_call: bool = False
    is_time_guessed: bool = False

    @property
    def is_meeting(self) -> bool:
        return self.kind == "meeting"

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


def read_activities(
    crms: list[CrmRecords], rules: Definitions, settings: Settings
) -> list[Activity]:
    """All tasks and meetings that count."""
    found = []
    for crm in crms:
        found += [_task(crm.crm, task, rules, settings) for task in crm.tasks]
        found += [_meeting(crm.crm, meeting, rules, settings) for meeting in crm.meetings]
    return found


def by_lead(activities: list[Activity], people: People) -> dict[str, list[Activity]]:
    """lead id -> the activities of the lead, also those re-pointed to the converted contact."""
    grouped: dict[str, list[Activity]] = defaultdict(list)
    for activity in activities:
        persons = {person.id for one in activity.who if (person := people.of(one))}
        for lead_id in persons:
            grouped[lead_id].append(activity)
    return grouped


def _task(crm: str, task: Task, rules: Definitions, settings: Settings) -> Activity:
    completed_at = task.completed_at
    is_done = task.is_closed and (completed_at is None or completed_at <= settings.as_of)
    day = settings.day(task.created_at or settings.as_of)
    classes = {
        rule["activity_class"]
        for rule in rules.in_force("activity_rules", day)
        if applies(rule["operator"], rule["value"], task.words.get(rule["field"]))
    }
    outcome = rules.mapped("call_outcomes", task.disposition, "is_conversation", day)
    return Activity(
        crm,
        task.id,
        task.kind,
        task.who,
        task.what,
        done_at=completed_at if is_done else None,
        is_scheduled=not is_done and _is_ahead(task, settings),
        is_auto_logged="auto_logged" in classes,
        is_inbound="inbound" in classes,
        is_connected_call=task.kind == "call" and outcome == "true",
        is_time_guessed=task.is_time_guessed,
    )


def _is_ahead(task: Task, settings: Settings) -> bool:
    """Without a due date it is, unless a later completion is all that tells of it."""
    if task.due is not None:
        return task.due >= settings.today
    return task.created_at is not None or task.completed_at is None


def _meeting(crm: str, meeting: Meeting, rules: Definitions, settings: Settings) -> Activity:
    """Held by its outcome, and ahead unless that says neither; without outcomes by time alone."""
    day = settings.day(meeting.created_at or settings.as_of)
    says_held = rules.mapped("meeting_outcomes", meeting.outcome, "is_held", day) == "true"
    says_ahead = rules.mapped("meeting_outcomes", meeting.outcome, "is_ahead", day)
    is_off = says_ahead == "false" and not says_held
    starts = meeting.starts_at
    is_past = starts is not None and starts <= settings.as_of
    return Activity(
        crm,
        meeting.id,
        "meeting",
        meeting.who,
        meeting.what,
        done_at=starts if is_past and (meeting.outcome is None or says_held) else None,
        is_scheduled=starts is not None and not is_past and not is_off,
    )
