"""Every metric in plain Python over the facts: what is counted, on which axis, above and below."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from .survival import median_with_open

Row = dict[str, Any]
Tables = dict[str, list[Row]]
Term = Callable[[Row], float | None]  # what one row adds to a sum; None: nothing is known
Group = tuple[Any, ...]
LEADS, DEALS, MONTHS = "fct_leads", "fct_opportunities", "lead_quality_by_source"


@dataclass(frozen=True)
class Definition:
    """A metric: rows of a table by a day of theirs, what they add above and below the line.

    `day` is None for what has no axis but now; `is_on` says which rows are on the axis, with that
    day or without. `times` are (finished, still going on) of a row.
    """

    table: str
    day: str | None
    above: Term | None = None
    below: Term | None = None
    times: Callable[[Row, datetime], tuple[float | None, float | None]] | None = None
    is_on: Callable[[Row], bool] = lambda row: True


@dataclass(frozen=True)
class Answer:
    """A value with the two sums behind it; of a time the finished cases and all cases."""

    value: float | None
    numerator: float | None
    denominator: float | None


def _when(test: Callable[[Row], Any]) -> Term:
    return lambda row: 1.0 if test(row) else 0.0


def _amount(test: Callable[[Row], Any]) -> Term:
    return lambda row: row["amount"] if test(row) else None


def _every(row: Row) -> float:
    return 1.0


def _is(column: str, value: Any) -> Term:
    return _when(lambda row: row[column] == value)


def _known(column: str) -> Term:
    return _when(lambda row: row[column] is not None)


def _is_measurable(row: Row) -> bool:
    """The CRM's activities go back to its handover."""
    return not row["is_before_activities"]


def _is_decided(row: Row) -> bool:
    """Accepted at some time, or rejected now."""
    return row["accepted_at"] is not None or row["sales_decision"] == "rejected"


def _is_leaked(row: Row) -> bool:
    return row["lead_state"] in ("ignored", "stalled")


def _first_touch(row: Row, as_of: datetime) -> tuple[float | None, float | None]:
    if not _is_measurable(row):
        return None, None
    if row["hours_to_first_touch"] is not None:
        return row["hours_to_first_touch"], None
    return None, (as_of - row["handed_over_at"]).total_seconds() / 3600


def _closing(row: Row, as_of: datetime) -> tuple[float | None, float | None]:
    if row["outcome"] != "open" or row["created_at"] is None:
        return row["days_to_close"], None
    return None, (as_of - row["created_at"]).total_seconds() / 86400


FIT = _is("fit_verdict", "pass")
FIT_KNOWN = _when(lambda row: row["fit_verdict"] != "unknown")
ACCEPTED, REJECTED = _known("accepted_at"), _is("sales_decision", "rejected")
HANDED_OVER = _known("handed_over_at")
DUE = _is("is_follow_up_due", True)
FOLLOWED_UP = _is("is_follow_up_completed", True)
VAGUE = _is("is_vague_rejection", True)
MATURE, CONVERTED = _is("is_mature", True), _is("has_opportunity_in_horizon", True)
WON, LOST, OPEN = (_is("outcome", outcome) for outcome in ("won", "lost", "open"))
CLOSED = _when(lambda row: row["outcome"] != "open")
STRONG = _is("is_strong_pipeline", True)
WITH_CONTACT = _when(lambda row: row["outcome"] == "open" and row["contact_count"] > 0)
QUALIFIED = _is("is_qualified", True)
TALKED = _known("first_conversation_at")


def _won_deals(row: Row) -> bool:
    return bool(row["outcome"] == "won")


def _share(one: Term, *tests: Callable[[Row], bool]) -> Term:
    """What a row adds where the tests hold, else 0."""
    return lambda row: one(row) if all(test(row) for test in tests) else 0.0


def _was_handed_over(row: Row) -> bool:
    return row["handed_over_at"] is not None


def _was_rejected(row: Row) -> bool:
    return bool(row["sales_decision"] == "rejected")


def _was_closed(row: Row) -> bool:
    return bool(row["outcome"] != "open") and row["closed_on"] is not None


def _captured(above: Term, below: Term | None = None) -> Definition:
    return Definition(LEADS, "created_on", above, below)


def _handed_over(above: Term, below: Term | None = None) -> Definition:
    return Definition(LEADS, "handed_over_on", above, below, is_on=_was_handed_over)


def _opened(above: Term, below: Term | None = None) -> Definition:
    return Definition(DEALS, "opened_on", above, below)


def _closed(above: Term, below: Term | None = None) -> Definition:
    return Definition(DEALS, "closed_on", above, below, is_on=_was_closed)


def _spent(below: str | None = None) -> Definition:
    return Definition(
        MONTHS,
        "created_month",
        lambda row: row["spend"],
        (lambda row: float(row[below])) if below else None,
    )


METRICS: dict[str, Definition] = {
    "leads": _captured(_every),
    "lead_volume": _captured(_every),
    "target_market_leads": _captured(_is("is_target_market", True)),
    "target_market_rate": _captured(_is("is_target_market", True), _every),
    "icp_fit_leads": _captured(FIT),
    "icp_fit_rate": _captured(FIT, _every),
    "fit_known_leads": _captured(FIT_KNOWN),
    "fit_known_rate": _captured(FIT_KNOWN, _every),
    "noise_leads": _captured(_known("noise_class")),
    "noise_rate": _captured(_known("noise_class"), _every),
    "qualified_leads": _captured(QUALIFIED),
    "qualified_rate": _captured(QUALIFIED, _every),
    "accepted_leads": _captured(ACCEPTED),
    "rejected_leads": _captured(REJECTED),
    "disqualified_leads": _captured(_is("sales_decision", "disqualified")),
    "vague_rejections": _captured(VAGUE),
    "leaked_leads": _captured(_when(_is_leaked)),
    "conversations": _captured(TALKED),
    "conversation_rate": _captured(TALKED, _every),
    "leads_with_opportunity": _captured(_known("opportunity_id")),
    "mature_leads": _captured(MATURE),
    "mature_share": _captured(MATURE, _every),
    "mature_opportunity_leads": _captured(CONVERTED),
    "lead_to_opportunity_rate": _captured(CONVERTED, MATURE),
    "handed_over_leads": _handed_over(HANDED_OVER),
    "sales_acceptance_rate": _handed_over(ACCEPTED, _when(_is_decided)),
    "decision_coverage_rate": _handed_over(_when(_is_decided), HANDED_OVER),
    "accepted_without_fit_rate": _handed_over(
        _share(ACCEPTED, lambda row: row["fit_verdict"] != "pass"), ACCEPTED
    ),
    "rejected_although_qualified_rate": _handed_over(
        _share(REJECTED, lambda row: row["is_qualified"]), REJECTED
    ),
    "due_leads": _handed_over(DUE),
    "followed_up_leads": _handed_over(FOLLOWED_UP),
    "touched_leads": _handed_over(_known("first_touch_at")),
    "follow_up_completion_rate": _handed_over(
        _share(FOLLOWED_UP, _is_measurable), _share(DUE, _is_measurable)
    ),
    "leak_rate": _handed_over(
        _share(_when(_is_leaked), _is_measurable), _share(HANDED_OVER, _is_measurable)
    ),
    "median_hours_to_first_touch": Definition(
        LEADS, "handed_over_on", times=_first_touch, is_on=_was_handed_over
    ),
    "rejections": Definition(LEADS, "rejected_on", REJECTED, is_on=_was_rejected),
    "vague_rejection_rate": Definition(LEADS, "rejected_on", VAGUE, REJECTED, is_on=_was_rejected),
    "opportunities": _opened(_every),
    "strong_opportunities": _opened(STRONG),
    "opportunity_quality_rate": _opened(STRONG, _every),
    "sales_qualified_opportunities": _opened(_is("is_sales_qualified", True)),
    "open_opportunities": _opened(OPEN),
    "open_with_contact": _opened(WITH_CONTACT),
    "mature_opportunities": _opened(MATURE),
    "mature_opportunity_share": _opened(MATURE, _every),
    "cohort_win_rate": _opened(WON, _every),
    "pipeline_amount": _opened(_amount(_every)),
    "accepted_pipeline_amount": _opened(_amount(lambda row: row["is_sales_qualified"])),
    "strong_pipeline_amount": _opened(_amount(lambda row: row["is_strong_pipeline"])),
    "open_amount": _opened(_amount(lambda row: row["outcome"] == "open")),
    "median_days_to_close": Definition(DEALS, "opened_on", times=_closing),
    "contact_coverage_rate": Definition(DEALS, None, WITH_CONTACT, OPEN),
    "won": _closed(WON),
    "lost": _closed(LOST),
    "closed_opportunities": _closed(CLOSED),
    "win_rate": _closed(WON, CLOSED),
    "won_amount": _closed(_amount(_won_deals)),
    "lost_amount": _closed(_amount(lambda row: row["outcome"] == "lost")),
    "value_win_rate": _closed(
        lambda row: 0.0 if row["amount"] is not None and not _won_deals(row) else row["amount"],
        _amount(_was_closed),
    ),
    "average_won_amount": _closed(
        _amount(_won_deals), _when(lambda row: _won_deals(row) and row["amount"] is not None)
    ),
    "average_days_to_win": _closed(
        lambda row: row["days_to_close"] if _won_deals(row) else None,
        _when(lambda row: _won_deals(row) and row["days_to_close"] is not None),
    ),
    "spend": _spent(),
    "cost_per_lead": _spent("leads"),
    "cost_per_fit_lead": _spent("icp_fit_leads"),
    "cost_per_opportunity": _spent("opportunities"),
}
VELOCITY = ("opportunities", "win_rate", "average_won_amount", "average_days_to_win")


@dataclass(frozen=True)
class Cut:
    """How a metric is asked for: by which columns, by which period, and of which rows.

    `first` and `last` are days on the metric's own axis.
    """

    by: tuple[str, ...] = ()
    grain: str | None = None
    only: Callable[[Row], bool] = lambda row: True
    first: date | None = None
    last: date | None = None

    def has(self, row: Row, day: date | None) -> bool:
        if self.first and (day is None or day < self.first):
            return False
        return self.only(row) and not (self.last and (day is None or day > self.last))

    def group(self, row: Row, day: date | None) -> Group:
        """The values of the columns, then the first day of the period (None: not known)."""
        period = (period_of(day, self.grain) if day else None,) if self.grain else ()
        return (*(row[column] for column in self.by), *period)


def period_of(day: date, grain: str) -> date:
    """The first day of its week (a Monday), month or quarter."""
    if grain == "week":
        return day - timedelta(days=day.weekday())
    month = day.month if grain == "month" else 3 * ((day.month - 1) // 3) + 1
    return day.replace(month=month, day=1)


def answers(name: str, tables: Tables, as_of: datetime, cut: Cut) -> dict[Group, Answer]:
    """One metric by the groups of a cut that have rows."""
    if name == "sales_velocity":
        return _sales_velocity(tables, as_of, cut)
    definition = METRICS[name]
    groups: dict[Group, list[Row]] = defaultdict(list)
    for row in tables[definition.table]:
        day = row[definition.day] if definition.day else None
        if definition.is_on(row) and cut.has(row, day):
            groups[cut.group(row, day)].append(row)
    return {group: _answer(definition, rows, as_of) for group, rows in groups.items()}


def _answer(definition: Definition, rows: list[Row], as_of: datetime) -> Answer:
    if definition.times:
        return _median([definition.times(row, as_of) for row in rows])
    assert definition.above
    above = total(map(definition.above, rows))
    if definition.below is None:
        return Answer(above, above, None)
    below = total(map(definition.below, rows))
    return Answer(above / below if above is not None and below else None, above, below)


def _median(times: list[tuple[float | None, float | None]]) -> Answer:
    finished = [time for time, _ in times if time is not None]
    going_on = [time for _, time in times if time is not None]
    value = median_with_open(finished, going_on)
    return Answer(value, len(finished), len(finished) + len(going_on))


def _sales_velocity(tables: Tables, as_of: datetime, cut: Cut) -> dict[Group, Answer]:
    """Opportunities x win rate x average won amount / average days to win, where all are known."""
    opened, won, amount, days = (answers(name, tables, as_of, cut) for name in VELOCITY)
    found = {}
    for group in opened.keys() | won.keys():
        factors = [one[group].value if group in one else None for one in (won, amount)]
        factors.append(opened[group].value if group in opened else 0.0)
        lasted = days[group].value if group in days else None
        if all(factor is not None for factor in factors) and lasted:
            product = factors[0] * factors[1] * factors[2] / lasted  # type: ignore[operator]
            found[group] = Answer(product, None, None)
        else:
            found[group] = Answer(None, None, None)
    return found


def total(values: Iterable[float | None]) -> float | None:
    """Sum of what is known; None when nothing is."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None
