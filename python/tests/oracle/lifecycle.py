"""What happened to a lead, and how far did it come? One event log, milestones, stage visits."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise

from .activities import Activity
from .deals import Deal
from .people import People, Person, conversion_counts, has_converted
from .records import Change, LeadRecord, Status
from .rules import Definitions
from .settings import Settings
from .values import bare, key

STAGES = ("captured", "handed_over", "working", "accepted", "conversation", "opportunity")
ORDER = {stage: n for n, stage in enumerate((*STAGES, "won", "lost", "rejected", "nurture"))}
BULK = 25  # this many records of leads in one second were not changed by hand
ACTIVE = ("captured", "handed_over", "working", "accepted")


@dataclass(frozen=True)
class Event:
    """A record came into a stage."""

    at: datetime
    stage: str
    is_inferred: bool = False
    id: str = ""
    is_bulk: bool = False

    @property
    def place(self) -> tuple[datetime, int, bool, bool, str]:
        """Ties are ordered by stage, recorded before inferred, one by one before bulk, then id."""
        return (self.at, ORDER[self.stage], self.is_inferred, self.is_bulk, self.id)

    @property
    def changes_nothing(self) -> bool:
        """A synthetic captured event."""
        return self.is_inferred and self.stage == "captured"


@dataclass
class Life:
    """The milestones of one lead; None where it has not come to pass by as_of."""

    events: list[Event]
    conversion_at: datetime | None
    deals: list[Deal]
    activities: list[Activity]
    first_conversation_at: datetime | None = None
    accepted_at: datetime | None = None
    is_acceptance_inferred: bool = False
    handed_over_at: datetime | None = None
    is_handover_inferred: bool = False
    rejected_at: datetime | None = None
    disqualified_at: datetime | None = None
    sales_decision: str | None = None
    touches: list[datetime] = field(default_factory=list)

    @property
    def steps(self) -> list[Event]:
        """The events that change something, in order."""
        return [event for event in self.events if not event.changes_nothing]

    def first(self, stage: str) -> datetime | None:
        """Time of the first status event of a stage."""
        return min((event.at for event in self.events if event.stage == stage), default=None)

    @property
    def opportunity_at(self) -> datetime | None:
        return self.deals[0].created_at if self.deals else None

    @property
    def outcome(self) -> str | None:
        """won if any deal is, else open if any is, else lost."""
        outcomes = {deal.outcome for deal in self.deals}
        return next((one for one in ("won", "open", "lost") if one in outcomes), None)

    @property
    def closed_at(self) -> datetime | None:
        """The earliest win, or the last loss when all are lost."""
        times = [
            deal.closed_at
            for deal in self.deals
            if deal.outcome == self.outcome != "open" and deal.closed_at
        ]
        if not times:
            return None
        return min(times) if self.outcome == "won" else max(times)

    @property
    def is_scheduled(self) -> bool:
        """A future meeting, or an open task that is not overdue."""
        return any(activity.is_scheduled for activity in self.activities)

    @property
    def is_won(self) -> bool:
        return self.outcome == "won" or self.first("won") is not None

    @property
    def stage_times(self) -> dict[str, datetime | None]:
        """handed_over .. opportunity with the time of each."""
        return {
            "handed_over": self.handed_over_at,
            "accepted": self.accepted_at,
            "conversation": self.first_conversation_at,
            "opportunity": self.opportunity_at,
        }

    @property
    def lifecycle_stage(self) -> str:
        """Furthest reached."""
        if self.is_won:
            return "won"
        if self.deals:
            return "opportunity"
        reached = [stage for stage, moment in self.stage_times.items() if moment]
        return reached[-1] if reached else "captured"

    @property
    def skipped_stages(self) -> str | None:
        """Stages below the furthest without a time."""
        below = [*self.stage_times, "won"]
        if self.lifecycle_stage != "captured":
            below = below[: below.index(self.lifecycle_stage)]
        else:
            below = []
        return ",".join(stage for stage in below if not self.stage_times[stage]) or None

    @property
    def recycle_count(self) -> int:
        return sum(
            after.stage in ACTIVE and before.stage in ("nurture", "rejected")
            for before, after in pairwise(self.steps)
        )


def live(
    person: Person,
    changes: dict[str, list[Change]],
    activities: list[Activity],
    deals: list[Deal],
    rules: Definitions,
    settings: Settings,
) -> Life:
    """Follow one lead through its events, its activities and its deals (earliest first)."""
    events, conversions = _record_events(person, changes, rules, settings)
    life = Life(events, min(conversions, default=None), deals, activities)
    life.first_conversation_at = min(
        (act.done_at for act in activities if act.is_conversation and act.done_at), default=None
    )
    _accept(life)
    _hand_over(life)
    _decide(life)
    life.touches = sorted(
        act.done_at
        for act in activities
        if act.is_outbound_act
        and act.done_at
        and life.handed_over_at
        and act.done_at >= life.handed_over_at
    )
    return life


def _record_events(
    person: Person, changes: dict[str, list[Change]], rules: Definitions, settings: Settings
) -> tuple[list[Event], list[datetime]]:
    """Status events of all records in order, and each record's conversion time."""
    events: list[Event] = []
    conversions: list[datetime] = []
    for record in person.records:
        all_changes = [
            change
            for change in changes.get(record.id, [])
            if not (change.merged_from and _is_rejection(change, person, rules))
        ]
        past = [change for change in all_changes if change.at <= settings.as_of]
        own = [_event(change, person, rules) for change in past if _is_status(change)]
        converted = [event.at for event in own if event.stage == "opportunity"]
        converted += [change.at for change in past if change.is_conversion]
        if not converted and has_converted(record, settings) and record.converted_at:
            converted.append(record.converted_at)
        if record is person.survivor:
            inferred = _inferred_events(record, all_changes, person, rules, settings)
            own += inferred
            if not converted:
                converted += [event.at for event in inferred if event.stage == "opportunity"]
        changed_at = record.last_modified_at
        if not converted and has_converted(record, settings) and changed_at:
            converted += [changed_at] if changed_at <= settings.as_of else []
        events += own
        conversions += converted
    return sorted(events, key=lambda event: event.place), conversions


def _is_status(change: Change) -> bool:
    return change.field is not None and (change.value is not None or change.stage is not None)


def _is_rejection(change: Change, person: Person, rules: Definitions) -> bool:
    return _is_status(change) and _event(change, person, rules).stage == "rejected"


def _stage(status: str | None, person: Person, rules: Definitions) -> str:
    """An unmapped status counts as captured."""
    return rules.mapped("lead_statuses", status, "stage", person.day) or "captured"


def _event(change: Change, person: Person, rules: Definitions) -> Event:
    stage = change.stage or _stage(change.value, person, rules)
    return Event(change.at, stage, id=change.id, is_bulk=change.is_bulk)


def _inferred_events(
    record: LeadRecord,
    changes: list[Change],
    person: Person,
    rules: Definitions,
    settings: Settings,
) -> list[Event]:
    """The current statuses that history does not end with, one event for each status field."""
    found = []
    for status in record.statuses:
        if status.value is None:
            continue
        if not _is_told(record, status, changes, person, rules, settings):
            stage = _stage(status.value, person, rules)
            recorded = [
                change.at
                for change in changes
                if _is_status(change) and change.at <= settings.as_of
            ]
            moment = _inferred_at(status, max(recorded, default=None), settings)
            if stage == "opportunity" and record.converted_at:
                moment = record.converted_at
            if moment is not None and moment <= settings.as_of:
                found.append(Event(moment, stage, is_inferred=True))
    return found


def _inferred_at(status: Status, last: datetime | None, settings: Settings) -> datetime | None:
    """When the record was modified; after what is recorded where that is not known or before it."""
    if status.is_modified_known and status.modified_at and last and status.modified_at >= last:
        return status.modified_at
    after = min(last + timedelta(seconds=1), settings.as_of) if last else None
    return max((at for at in (status.modified_at, after) if at), default=None)


def _is_told(
    record: LeadRecord,
    status: Status,
    changes: list[Change],
    person: Person,
    rules: Definitions,
    settings: Settings,
) -> bool:
    """Other rows say the current status already, or say that it was not so at as_of."""
    stage = _stage(status.value, person, rules)
    own = [change for change in changes if change.field == status.name and _is_status(change)]
    history = [change for change in own if change.is_history]
    dates = [change for change in changes if change.field == "dates"]
    if any(change.at > settings.as_of for change in own + dates):
        return True
    if any(_date_says(change, status, stage) for change in changes):
        return True
    if history:
        if key(status.value) in _last_values(history, person, rules):
            return True
    elif stage == "captured":
        return True
    return stage == "opportunity" and not conversion_counts(record, settings)


def _last_values(history: list[Change], person: Person, rules: Definitions) -> set[str]:
    """What history ends with, the record's own and that of records merged into it.

    Of one second and stage there may be several values.
    """
    values = set()
    for is_own in (True, False):
        rows = [change for change in history if (change.merged_from is None) == is_own]
        moments = [_event(change, person, rules).place[:2] for change in rows]
        values |= {
            key(change.value)
            for change, moment in zip(rows, moments, strict=True)
            if moment == max(moments)
        }
    return values


def _date_says(change: Change, status: Status, stage: str) -> bool:
    """A date column, on whatever day, tells when the record came into the stage."""
    if change.is_history:
        return False
    if change.stage:
        return change.stage == stage
    return change.field == status.name and bare(change.value) == bare(status.value)


def _accept(life: Life) -> None:
    recorded = life.first("accepted")
    signs = (life.first_conversation_at, life.conversion_at, life.opportunity_at, life.first("won"))
    life.accepted_at = recorded or min((sign for sign in signs if sign), default=None)
    life.is_acceptance_inferred = recorded is None and life.accepted_at is not None


def _hand_over(life: Life) -> None:
    recorded = life.first("handed_over")
    acts = [act.done_at for act in life.activities if act.is_outbound_act and act.done_at]
    signs = (*acts, life.accepted_at, life.first("rejected"))
    life.handed_over_at = recorded or min((sign for sign in signs if sign), default=None)
    life.is_handover_inferred = recorded is None and life.handed_over_at is not None


def _decide(life: Life) -> None:
    """rejected before an acceptance, disqualified from it on; what came last stands."""
    negatives = [event.at for event in life.events if event.stage == "rejected"]
    accepted_at = life.accepted_at or datetime.max
    life.rejected_at = min((at for at in negatives if at < accepted_at), default=None)
    life.disqualified_at = min((at for at in negatives if at >= accepted_at), default=None)
    if life.accepted_at is None:
        life.sales_decision = "rejected" if life.rejected_at else None
    elif life.disqualified_at is None:
        life.sales_decision = "accepted"
    else:
        positives = [
            event.at for event in life.events if event.stage in ("accepted", "opportunity", "won")
        ]
        positives += [deal.created_at for deal in life.deals if deal.created_at]
        positives += [life.conversion_at] if life.conversion_at else []
        is_accepted = max(positives, default=datetime.min) > max(negatives)
        life.sales_decision = "accepted" if is_accepted else "disqualified"


def is_truncated(person: Person, first_history: dict[str, datetime]) -> bool:
    """Captured more than a day before the first history row of its CRM."""
    first = first_history.get(person.crm)
    return (
        first is not None
        and person.captured_at is not None
        and person.captured_at < first - timedelta(days=1)
    )


def mark_bulk(
    changes: dict[str, list[Change]], people: People, settings: Settings
) -> dict[str, list[Change]]:
    """The changes of one CRM; those of many records to one value in one second are bulk."""
    together: dict[tuple[str | None, str, datetime], set[str]] = defaultdict(set)
    for record_id, own in changes.items():
        person = people.of(record_id)
        for change in own:
            if person and _can_be_bulk(change) and change.at <= settings.as_of:
                together[_doing(change)].add(record_id)
    return {
        record_id: [
            replace(change, is_bulk=True)
            if _can_be_bulk(change) and len(together[_doing(change)]) >= BULK
            else change
            for change in own
        ]
        for record_id, own in changes.items()
    }


def _can_be_bulk(change: Change) -> bool:
    """Date columns have no seconds of their own."""
    return change.is_history and _is_status(change)


def _doing(change: Change) -> tuple[str | None, str, datetime]:
    return (change.field, key(change.value), change.at.replace(microsecond=0))
