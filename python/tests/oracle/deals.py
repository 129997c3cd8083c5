"""Opportunities in one shape: outcome, stage visits, closing, stage reached, money."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import zip_longest

from .money import Converted
from .records import CrmRecords, DealRecord, Stage, StageChange
from .rules import Definitions
from .settings import Settings
from .values import key


@dataclass
class Visit:
    """One stay of a deal in a stage; `exited_at` is when the next one began."""

    stage: str
    stage_key: str
    order: int | None
    entered_at: datetime | None
    is_closed: bool
    is_inferred: bool = False
    exited_at: datetime | None = None
    number: int = 1


@dataclass
class Deal:
    """One opportunity as it was at as_of."""

    record: DealRecord
    outcome: str
    stage: str | None
    visits: list[Visit] = field(default_factory=list)
    closed_at: datetime | None = None
    closed_on: date | None = None  # the day of closing, in the calendar of the reader
    money: Converted = field(default_factory=Converted)

    @property
    def id(self) -> str:
        return self.record.id

    @property
    def created_at(self) -> datetime | None:
        return self.record.created_at

    @property
    def stage_reached(self) -> str | None:
        """The open stage of the highest order; without an order lowest, the later one of equals."""
        reached = None
        for visit in self.visits:
            if not visit.is_closed and (
                reached is None or _rank(visit.order) >= _rank(reached.order)
            ):
                reached = visit
        return reached.stage if reached else None


class Stages:
    """What is known of stages: the CRM's own table, else the seed."""

    def __init__(self, crm: CrmRecords, rules: Definitions) -> None:
        self.rules = rules
        self.own = crm.stages

    def order(self, stage_key: str, day: date) -> int | None:
        if any(stage.order is not None for stage in self.own.values()):
            return self._own(stage_key).order
        found = self._seed(stage_key, "stage_order", day)
        return None if found is None else int(found)

    def outcome(self, stage_key: str, day: date) -> str:
        if self.is_won(stage_key, day):
            return "won"
        return "lost" if self.is_closed(stage_key, day) else "open"

    def is_won(self, stage_key: str, day: date) -> bool:
        return self._is_true(self._own(stage_key).is_won, stage_key, "is_won", day)

    def is_closed(self, stage_key: str, day: date) -> bool:
        return self._is_true(self._own(stage_key).is_closed, stage_key, "is_closed", day)

    def is_known(self, stage_key: str, day: date) -> bool:
        """The CRM or the seed knows the stage."""
        return stage_key in self.own or self._seed(stage_key, "is_closed", day) is not None

    def _own(self, stage_key: str) -> Stage:
        return self.own.get(stage_key) or Stage(None, None, None)

    def _is_true(self, own: bool | None, stage_key: str, flag: str, day: date) -> bool:
        return own if own is not None else self._seed(stage_key, flag, day) == "true"

    def _seed(self, stage_key: str, column: str, day: date) -> str | None:
        """By the stage's id, the part after its pipeline."""
        return self.rules.mapped("opportunity_stages", stage_key.split("\n")[-1], column, day)


def read_deals(crms: list[CrmRecords], rules: Definitions, settings: Settings) -> list[Deal]:
    """All opportunities that count, with their visits."""
    return [
        _deal(record, crm.deal_changes.get(record.id, []), Stages(crm, rules), settings)
        for crm in crms
        for record in crm.deals
    ]


def _deal(
    record: DealRecord, history: list[StageChange], stages: Stages, settings: Settings
) -> Deal:
    day = settings.day(record.created_at or settings.as_of)
    visits = _recorded_visits(history, stages, day, settings)
    last = visits[-1] if visits else None
    goes_on = any(change.at > settings.as_of for change in history)
    if goes_on and not (last and last.stage_key == record.stage_key):
        outcome = stages.outcome(last.stage_key if last else "", day)
        deal = Deal(record, outcome, last.stage if last else None, visits)
    else:
        deal = _present_deal(record, visits, stages, day, settings)
    if deal.visits:
        deal.visits[-1].is_closed = deal.outcome != "open"
    _close(deal, settings)
    counts: dict[str, int] = defaultdict(int)
    for visit, following in zip_longest(deal.visits, deal.visits[1:]):
        visit.exited_at = following.entered_at if following else None
        counts[key(visit.stage)] += 1
        visit.number = counts[key(visit.stage)]
    return deal


def _present_deal(
    record: DealRecord, visits: list[Visit], stages: Stages, day: date, settings: Settings
) -> Deal:
    """A deal whose record is not ahead of as_of, as far as history can tell."""
    outcome = _stated_outcome(record, stages, day)
    is_recorded = bool(visits) and visits[-1].stage_key == record.stage_key
    if outcome != "open" and not is_recorded and _closes_later(record, settings):
        return Deal(record, "open", visits[-1].stage if visits else None, visits)
    if record.stage and not (visits and visits[-1].stage_key == record.stage_key):
        entered_at = _inferred_time(record, outcome, visits, settings)
        order, is_closed = stages.order(record.stage_key, day), outcome != "open"
        visits = [
            *visits,
            Visit(record.stage, record.stage_key, order, entered_at, is_closed, is_inferred=True),
        ]
    return Deal(record, outcome, record.stage, visits)


def _closes_later(record: DealRecord, settings: Settings) -> bool:
    """The close date is a later day; where the moment is known, a later moment."""
    if record.close_date is None or record.closes_at is None:
        return False
    if record.closes_at.time() == time():
        return record.close_date > settings.today
    return record.closes_at > settings.as_of


def _stated_outcome(record: DealRecord, stages: Stages, day: date) -> str:
    """What the record's own flags say, each; its stage where one is empty."""
    is_closed, is_won = record.is_won or record.is_closed, record.is_won
    if is_won is None and is_closed is not False:
        is_won = stages.is_won(record.stage_key, day)
    if is_closed is None:
        is_closed = stages.is_closed(record.stage_key, day)
    return "won" if is_won else "lost" if is_closed else "open"


def _inferred_time(
    record: DealRecord, outcome: str, visits: list[Visit], settings: Settings
) -> datetime | None:
    closing = record.closes_at if outcome != "open" else None
    moment = closing or record.last_modified_at or record.created_at
    before = visits[-1].entered_at if visits else None
    if moment is None:
        return before
    return min(max(moment, before or moment), settings.as_of)


def _recorded_visits(
    history: list[StageChange], stages: Stages, day: date, settings: Settings
) -> list[Visit]:
    """One visit per run of the same stage; rows that change only the amount are none."""
    changes = [change for change in history if change.at <= settings.as_of]
    changes.sort(
        key=lambda change: (change.at, _rank(stages.order(change.stage_key, day)), change.id)
    )
    visits: list[Visit] = []
    for change in changes:
        if not (visits and visits[-1].stage_key == change.stage_key):
            order = stages.order(change.stage_key, day)
            is_closed = stages.outcome(change.stage_key, day) != "open"
            visits.append(Visit(change.stage, change.stage_key, order, change.at, is_closed))
    return visits


def _close(deal: Deal, settings: Settings) -> None:
    """closed_at: the recorded closing, else the close date, else when the last visit is assumed."""
    if deal.outcome == "open":
        return
    record, last = deal.record, deal.visits[-1] if deal.visits else None
    if last and not last.is_inferred:
        deal.closed_at = last.entered_at
    elif record.close_date and record.closes_at:
        deal.closed_at = min(record.closes_at, settings.as_of)
        deal.closed_on = min(record.close_date, settings.today)
        return
    elif last:
        deal.closed_at = last.entered_at
    deal.closed_on = settings.day(deal.closed_at) if deal.closed_at else None


def _rank(order: int | None) -> float:
    return float("-inf") if order is None else order
