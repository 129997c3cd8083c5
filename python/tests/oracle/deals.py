"""Opportunities in one shape: outcome, stage visits, closing, stage reached, money."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import zip_longest

from .accounting import used
from .raw import Crm, Row
from .rules import Definitions
from .settings import Settings
from .values import key


@dataclass
class Visit:
    """One stay of a deal in a stage; `exited_at` is when the next one began."""

    stage: str
    order: int | None
    entered_at: datetime | None
    is_closed: bool
    is_inferred: bool = False
    exited_at: datetime | None = None
    number: int = 1


@dataclass
class Deal:
    """One opportunity as it was at as_of."""

    row: Row
    outcome: str
    stage: str | None
    visits: list[Visit] = field(default_factory=list)
    closed_at: datetime | None = None
    closed_on: date | None = None  # the day of closing, in the calendar of the reader
    amount: float | None = None

    @property
    def id(self) -> str:
        return str(self.row["id"])

    @property
    def created_at(self) -> datetime | None:
        created: datetime | None = self.row["created_date"]
        return created

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
    """What is known of stage names: the CRM's own table, else the seed."""

    def __init__(self, crm: Crm, rules: Definitions) -> None:
        self.rules = rules
        self.own = {key(row["stage"]): row for row in used(crm, "opportunity_stage")}

    def order(self, stage: str | None, day: date) -> int | None:
        own = self.own.get(key(stage), {}).get("sort_order")
        found = own if own is not None else self._seed(stage, "stage_order", day)
        return None if found is None else int(found)

    def is_true(self, stage: str | None, flag: str, day: date) -> bool:
        """is_closed or is_won of the stage."""
        own = self.own.get(key(stage), {}).get(flag)
        return own if own is not None else self._seed(stage, flag, day) == "true"

    def _seed(self, stage: str | None, column: str, day: date) -> str | None:
        return self.rules.mapped("opportunity_stages", stage, column, day)

    def outcome(self, stage: str | None, day: date) -> str:
        if self.is_true(stage, "is_won", day):
            return "won"
        return "lost" if self.is_true(stage, "is_closed", day) else "open"


def read_deals(crms: list[Crm], rules: Definitions, settings: Settings) -> list[Deal]:
    """All opportunities that count, with their visits."""
    deals = []
    for crm in crms:
        stages = Stages(crm, rules)
        histories = _histories(crm)
        for row in used(crm, "opportunity"):
            deals.append(_deal(row, histories[row["id"]], stages, settings))
    return deals


def _histories(crm: Crm) -> dict[str, list[Row]]:
    """Deal id -> its rows with a stage, also those after as_of; field history only in need."""
    found: dict[str, list[Row]] = defaultdict(list)
    for table, column in (
        ("opportunity_history", "stage_name"),
        ("opportunity_field_history", "new_value"),
    ):
        recorded = set(found)
        for row in crm.rows[table]:
            is_stage = table == "opportunity_history" or key(row["field"]) == "stagename"
            counts = row["row_status"] == "used" or row["row_reason"] == "after_as_of"
            if is_stage and counts and row[column] and row["opportunity_id"] not in recorded:
                found[row["opportunity_id"]].append(row | {"stage": row[column]})
    return found


def _deal(row: Row, history: list[Row], stages: Stages, settings: Settings) -> Deal:
    day = settings.day(row["created_date"] or settings.as_of)
    visits = _recorded_visits(history, stages, day, settings)
    if any(entry["created_date"] > settings.as_of for entry in history):
        stage = visits[-1].stage if visits else None
        deal = Deal(row, stages.outcome(stage, day), stage, visits)
    else:
        deal = _present_deal(row, visits, stages, day, settings)
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
    row: Row, visits: list[Visit], stages: Stages, day: date, settings: Settings
) -> Deal:
    """A deal whose record is not ahead of as_of, as far as history can tell."""
    stage, outcome = row["stage_name"], _flagged_outcome(row)
    outcome = outcome or stages.outcome(stage, day)
    closes_later = row["close_date"] is not None and row["close_date"] > settings.today
    if not visits and outcome != "open" and closes_later:
        return Deal(row, "open", None)
    if stage and not (visits and key(visits[-1].stage) == key(stage)):
        entered_at = _inferred_time(row, outcome, visits, settings)
        order = stages.order(stage, day)
        visits = [*visits, Visit(stage, order, entered_at, outcome != "open", is_inferred=True)]
    return Deal(row, outcome, stage, visits)


def _flagged_outcome(row: Row) -> str | None:
    """What the record's own flags say; None when both are empty."""
    if row["is_won"] is None and row["is_closed"] is None:
        return None
    return "won" if row["is_won"] else "lost" if row["is_closed"] else "open"


def _inferred_time(
    row: Row, outcome: str, visits: list[Visit], settings: Settings
) -> datetime | None:
    closing = row["close_date"] if outcome != "open" else None
    moment = _midnight(closing) or last_modified(row) or row["created_date"]
    if moment is None:
        return visits[-1].entered_at if visits else None
    before = visits[-1].entered_at if visits else None
    return min(max(moment, before or moment), settings.as_of)


def _recorded_visits(
    history: list[Row], stages: Stages, day: date, settings: Settings
) -> list[Visit]:
    """One visit per run of the same stage; rows that change only the amount are none."""
    rows = [row for row in history if row["created_date"] <= settings.as_of]
    rows.sort(
        key=lambda row: (row["created_date"], _rank(stages.order(row["stage"], day)), _id(row))
    )
    visits: list[Visit] = []
    for row in rows:
        if not (visits and key(visits[-1].stage) == key(row["stage"])):
            order = stages.order(row["stage"], day)
            is_closed = stages.outcome(row["stage"], day) != "open"
            visits.append(Visit(row["stage"], order, row["created_date"], is_closed))
    return visits


def _close(deal: Deal, settings: Settings) -> None:
    """closed_at: the recorded closing, else the close date, else when the last visit is assumed."""
    if deal.outcome == "open":
        return
    last = deal.visits[-1] if deal.visits else None
    if last and not last.is_inferred:
        deal.closed_at = last.entered_at
    elif deal.row["close_date"]:
        deal.closed_at = min(datetime.combine(deal.row["close_date"], time()), settings.as_of)
        deal.closed_on = min(deal.row["close_date"], settings.today)
        return
    elif last:
        deal.closed_at = last.entered_at
    deal.closed_on = settings.day(deal.closed_at) if deal.closed_at else None


def last_modified(row: Row) -> datetime | None:
    """last_modified_date; system_modstamp stands for it."""
    moment: datetime | None = row["last_modified_date"] or row["system_modstamp"]
    return moment


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time())


def _rank(order: int | None) -> float:
    return float("-inf") if order is None else order


def _id(row: Row) -> str:
    return row["id"] or ""
