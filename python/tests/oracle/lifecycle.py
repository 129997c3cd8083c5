"""What happened to a lead, and how far did it come? One event log, milestones, stage visits."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from .activities import Activity
from .deals import Deal, last_modified
from .people import Person, conversion_time
from .raw import Row
from .rules import Definitions
from .settings import Settings
from .values import key

STAGES = ("captured", "handed_over", "working", "accepted", "conversation", "opportunity")
ORDER = {stage: n for n, stage in enumerate((*STAGES, "won", "lost", "rejected", "nurture"))}
ACTIVE = ("captured", "handed_over", "working", "accepted")


@dataclass(frozen=True)
class Event:
    """A record came into a stage."""

    at: datetime
    stage: str
    is_inferred: bool = False
    id: str = ""

    @property
    def place(self) -> tuple[datetime, int, bool, str]:
        """Ties are ordered by stage, then recorded before inferred, then id."""
        return (self.at, ORDER[self.stage], self.is_inferred, self.id)


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
            for before, after in pairwise(self.events)
        )


def live(
    person: Person,
    histories: dict[str, list[Row]],
    activities: list[Activity],
    deals: list[Deal],
    rules: Definitions,
    settings: Settings,
) -> Life:
    """Follow one lead through its events, its activities and its deals (earliest first)."""
    events, conversions = _record_events(person, histories, rules, settings)
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
    person: Person, histories: dict[str, list[Row]], rules: Definitions, settings: Settings
) -> tuple[list[Event], list[datetime]]:
    """Status events of all records in order, and each record's conversion time."""
    events: list[Event] = []
    conversions: list[datetime] = []
    for record in person.records:
        rows = [
            row for row in histories.get(record["id"], []) if row["created_date"] <= settings.as_of
        ]
        own = [_status_event(row, person, rules) for row in rows if _is_status(row)]
        converted = [event.at for event in own if event.stage == "opportunity"]
        converted += [row["created_date"] for row in rows if key(row["field"]) == "leadconverted"]
        if not converted and record["is_converted"]:
            moment = conversion_time(record, settings)
            converted += [moment] if moment else []
        inferred = None
        if record is person.survivor:
            inferred = _inferred_event(record, histories, person, rules, settings)
        if inferred:
            own.append(inferred)
            if not converted and inferred.stage == "opportunity":
                converted.append(inferred.at)
        events += own
        conversions += converted
    return sorted(events, key=lambda event: event.place), conversions


def _is_status(row: Row) -> bool:
    return key(row["field"]) == "status" and row["new_value"] is not None


def _stage(status: str, person: Person, rules: Definitions) -> str:
    """An unmapped status counts as captured."""
    return rules.mapped("lead_statuses", status, "stage", person.day) or "captured"


def _status_event(row: Row, person: Person, rules: Definitions) -> Event:
    return Event(row["created_date"], _stage(row["new_value"], person, rules), id=row["id"] or "")


def _inferred_event(
    record: Row,
    histories: dict[str, list[Row]],
    person: Person,
    rules: Definitions,
    settings: Settings,
) -> Event | None:
    """The current status, when history does not end with it."""
    rows = [row for row in histories.get(record["id"], []) if _is_status(row)]
    if record["status"] is None or any(row["created_date"] > settings.as_of for row in rows):
        return None
    status, stage = record["status"], _stage(record["status"], person, rules)
    if rows:
        last = max(rows, key=lambda row: _status_event(row, person, rules).place)
        if key(last["new_value"]) == key(status):
            return None
    elif stage == "captured":
        return None
    if stage == "opportunity" and any(
        key(row["field"]) == "leadconverted" and row["created_date"] > settings.as_of
        for row in histories.get(record["id"], [])
    ):
        return None
    moment = last_modified(record) or record["created_date"]
    if stage == "opportunity" and record["converted_date"]:
        moment = max(record["converted_date"], record["created_date"] or datetime.min)
    if moment is None or moment > settings.as_of:
        return None
    return Event(moment, stage, is_inferred=True)


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
