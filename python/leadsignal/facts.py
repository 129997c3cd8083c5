"""What the story is told from: the counts of one period's leads and deals, and their evidence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from leadsignal import evidence, freshness
from leadsignal.evidence import Evidence
from leadsignal.fact_queries import (
    FOLLOW_UP_SQL,
    FUNNEL_SQL,
    MATURE_SQL,
    PIPELINE_SQL,
    REASONS_SQL,
    RECORD_SQL,
    SPEND_SQL,
    TAKEN_SQL,
    TALKED_SQL,
    UNMAPPED_SQL,
    UNUSABLE_SQL,
    WON_PRICED_SQL,
)
from leadsignal.funnel import Funnel, paired, told_apart, whole
from leadsignal.honesty.alarms import Alarm, alarms
from leadsignal.honesty.grades import Grade, grades
from leadsignal.metrics.filters import Condition, Where
from leadsignal.periods import Period
from leadsignal.scorecard import counting, scorecard
from leadsignal.scorecard.card import Scorecard
from leadsignal.scorecard.counting import Publication, records

if TYPE_CHECKING:
    import duckdb

FAILED = "sales_decision in ('rejected', 'disqualified')"
KNOWN_FOLLOW_UP = "is_before_activities <> true"
MISSED = f"{KNOWN_FOLLOW_UP} and is_follow_up_completed <> true"
WORKED = "a conversation, a decision or enough attempts"
"""What follow-up has to come to after a touch in time; a call that nobody answers is an attempt."""
NOBODYS = (
    ("without_owner", "owner is empty"),
    ("in_queue", "owner_type = queue"),
    ("owner_left", "owner_type <> queue and is_owner_active = false"),
)
"""Ways of belonging to nobody who could work a lead: its count, and the filter that counts it."""
STEPS: Mapping[str, tuple[str, str]] = {
    "leads": ("leads", ""),
    "target_market": ("target_market_leads", ""),
    "fit": ("icp_fit_leads", ""),
    "fit_known": ("fit_known_leads", ""),
    "accepted": ("accepted_leads", ""),
    "conversations": ("conversations", ""),
    "opportunities": ("leads_with_opportunity", ""),
    "strong": ("leads", "is_strong_pipeline = true"),
    "failed": ("leads", FAILED),
    "undecided": ("leads", "handed_over_at is not empty and sales_decision is empty"),
    "not_handed_over": ("leads", "handed_over_at is empty"),
    "paid": ("leads", "demand_type = paid"),
}
"""Step of the funnel -> the metric and filter that count it."""

CRITERIA = {
    "has_amount": "an amount",
    "has_live_close_date": "a close date that has not passed",
    "has_next_step": "a next step",
    "has_recent_activity": "recent activity",
    "has_decision_maker": "a decision maker among the contacts",
    "has_multiple_contacts": "a second contact",
}
"""Quality criterion of a deal -> what it lacks without it."""
SCORE, VOLUME, JUMP = "score_inflation", "volume_without_acceptance", "rate_jump"
TOLD_BY = {VOLUME: (SCORE,)}
TELLING = (SCORE, VOLUME)
"""Alarms that say already that the acceptance rate jumped."""
IN_THE_PERIOD = "created_at >= $starts_at and created_at < $ends_at"
WITHOUT_A_DATE = "created_at is null"


@dataclass(frozen=True)
class Facts:
    """Everything that the story and the advice are made from."""

    published: Publication
    card: Scorecard
    funnel: Funnel
    cuts: Mapping[str, Mapping[str, Funnel]]
    """source, campaign or offer -> value -> its leads; leads without a value are left out."""
    campaign_of: Mapping[str, str]
    """Source -> its campaign, where sources and campaigns are the same cut of the leads."""
    spend: Mapping[str, float]
    """Source -> its known spend in the period."""
    reasons: tuple[tuple[str, str, int], ...]
    """(reason, issue, leads) of standing rejections and disqualifications, most leads first."""
    follow_up: Mapping[str, int]
    """Counts of the leads handed over in the period; see FOLLOW_UP_SQL. Those handed over before
    the CRM's first activity on record are `before_activities`, and in no other count."""
    pipeline: Mapping[str, Any]
    """Counts and amounts of the deals opened in the period, and under each criterion's name how
    many of those that are not strong lack it; see PIPELINE_SQL."""
    mature: tuple[Period, int, int]
    """The newest period old enough to judge conversion: its leads, those with a deal in time."""
    last_lead_at: datetime | None
    undated_leads: int
    is_snapshot: bool
    """No lead has a creation time (an export without one): the story is of all of them."""
    unusable: tuple[int, int] = (0, 0)
    """Raw lead rows that could not be used, and all raw lead rows."""
    trust: Mapping[int, Grade] = field(default_factory=dict)
    unknown_source: Funnel = field(default_factory=Funnel)
    """The leads of the period whose source is not known."""
    talked_in_time: int = 0
    """Leads of the period with a first conversation before its end."""
    taken: tuple[tuple[int, int], tuple[int, int]] = ((0, 0), (0, 0))
    """Leads accepted by the end of the period they were handed over in, and all handed over: of the
    period, and of the one before."""
    alarms: tuple[Alarm, ...] = ()
    """What to be wary of, the surest first; one event has one alarm."""
    won_priced: int = 0
    """Deals won in the period of which an amount is known."""
    deals: tuple[int, int] = (0, 0)
    """All deals on record, of any period, and those of them that are open."""
    unmapped: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Seed -> the CRM's words that it does not know, most rows first: names of sources, of all
    time as in crm_trust, and the reasons of the standing decisions against leads of the period."""
    is_turning_down: bool = True
    """Sales turned a lead down in some period."""
    stale_crms: Mapping[str, datetime] = field(default_factory=dict)
    """CRM whose loader seems to have stopped -> its newest record (UTC)."""
    is_freshness_told: bool = False
    """Whether the set says itself which CRMs are stale."""
    where: tuple[Condition, ...] = ()
    """The cut: what holds of every lead and deal that is told of."""

    @property
    def is_without_deals(self) -> bool:
        """There are leads enough for some, and no deal is on record, of these leads or others."""
        are_enough = self.funnel.leads >= self.published.min_sample
        return are_enough and self.deals[0] == 0 and self.funnel.opportunities == 0

    @property
    def is_of_deals_alone(self) -> bool:
        """No lead is on record, of any period, but deals are."""
        has_leads = self.last_lead_at is not None or self.undated_leads > 0
        return self.deals[0] > 0 and not has_leads

    @property
    def period(self) -> Period:
        """The period that the story is of."""
        return self.card.period

    def is_trusted(self, *questions: int) -> bool:
        """Whether the CRM can answer all of them for enough rows."""
        return not any(
            self.trust[question].is_low for question in questions if question in self.trust
        )

    def of_source(self, name: str) -> Funnel:
        """The leads of a source, `unknown` too; none for one that no lead of the period has."""
        if name == "unknown":
            return self.unknown_source
        return self.cuts["source"].get(name, Funnel())

    def step(self, name: str, *where: Where) -> Evidence:
        """How many leads of the period got to a step of the funnel."""
        metric, condition = STEPS[name]
        return self.captured(metric, condition or None, *where)

    def captured(self, metric: str, *where: Where) -> Evidence:
        """A metric of the leads that the story is of."""
        if self.is_snapshot:
            return self.ever(metric, "created_at is empty", *where)
        return self.during(metric, *where)

    def during(self, metric: str, *where: Where, period: Period | None = None) -> Evidence:
        """A metric of the story's period, or another one, on the metric's own axis."""
        found = evidence.conditions(*where)
        return Evidence(metric, period or self.period, (*found, *self.where))

    def ever(self, metric: str, *where: Where) -> Evidence:
        """A metric of all that is on record."""
        return Evidence(metric, None, (*evidence.conditions(*where), *self.where))

    def answers(self, question: int) -> tuple[Evidence, Evidence]:
        """How many rows can answer a question of crm_trust, and of how many."""
        which = evidence.conditions({"question_order": question})
        return Evidence("crm_trust.answerable_rows", None, which), Evidence(
            "crm_trust.rows", None, which
        )


def gather(
    con: "duckdb.DuckDBPyConnection",
    period: str,
    as_of: str | date | datetime | None,
    where: tuple[Condition, ...] = (),
) -> Facts:
    """The facts of the last period that is complete at `as_of`. Raises UsageError as scorecard.

    `where` says what `con` has been cut to (see `cut`); it travels into the evidence.
    """
    published = counting.publication(con)
    card = scorecard(con, None, period, as_of)
    bounds = {"starts_at": card.period.starts_at, "ends_at": card.period.ends_at}
    [(last_lead_at, dated, undated)] = con.execute(
        "select max(created_at), count(created_at), count(*) - count(created_at) from fct_leads"
    ).fetchall()
    is_snapshot = undated > 0 and dated == 0
    captured = WITHOUT_A_DATE if is_snapshot else IN_THE_PERIOD
    which = {} if is_snapshot else bounds
    groups = records(con, FUNNEL_SQL.format(captured=captured), which)
    reasons = records(con, REASONS_SQL.format(captured=captured), which)
    [(deals, open_deals, is_turning_down)] = con.execute(RECORD_SQL).fetchall()
    return Facts(
        published=published,
        card=card,
        funnel=whole(groups),
        cuts=told_apart(groups),
        campaign_of=paired(groups, "source", "campaign") or {},
        spend=_spend(con, card.period),
        reasons=tuple(
            (row["reason"] or "unstated", row["issue"] or "unstated", row["leads"])
            for row in reasons
        ),
        follow_up=_follow_up(con, bounds, published.follow_up_sla_hours),
        pipeline=records(con, _pipeline_sql(), bounds)[0],
        mature=_mature(con, published, card.period),
        last_lead_at=last_lead_at,
        undated_leads=undated,
        is_snapshot=is_snapshot,
        unusable=con.execute(UNUSABLE_SQL).fetchall()[0],
        trust=grades(con),
        unknown_source=whole([group for group in groups if group["source"] == "unknown"]),
        talked_in_time=con.execute(TALKED_SQL, bounds).fetchall()[0][0],
        taken=(_taken(con, card.period), _taken(con, card.previous)),
        alarms=_alarms(con, card.period),
        won_priced=con.execute(WON_PRICED_SQL, [card.period.start, card.period.end]).fetchall()[0][
            0
        ],
        deals=(deals, open_deals),
        unmapped=_unmapped(con, captured, which),
        is_turning_down=is_turning_down,
        stale_crms={crm: at for crm, at in freshness.stale_crms(con).items() if at},
        is_freshness_told=freshness.is_told(con),
        where=where,
    )


def _unmapped(
    con: "duckdb.DuckDBPyConnection", captured: str, which: Mapping[str, datetime]
) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for seed, value, rows in con.execute(UNMAPPED_SQL.format(captured=captured), which).fetchall():
        found.setdefault(seed, {})[value] = rows
    return found


def _follow_up(
    con: "duckdb.DuckDBPyConnection", bounds: Mapping[str, datetime], sla_hours: int
) -> dict[str, int]:
    found = records(con, FOLLOW_UP_SQL, {**bounds, "sla_hours": sla_hours})[0]
    return found | {
        "nobodys": found["without_owner"] + found["in_queue"] + found["owner_left"],
    }


def _taken(con: "duckdb.DuckDBPyConnection", period: Period) -> tuple[int, int]:
    bounds = {"starts_at": period.starts_at, "ends_at": period.ends_at}
    [(accepted, handed_over)] = con.execute(TAKEN_SQL, bounds).fetchall()
    return accepted, handed_over


def _alarms(con: "duckdb.DuckDBPyConnection", period: Period) -> tuple[Alarm, ...]:
    """The alarms, without those that are told by another one of the same event."""
    found = alarms(con, period.kind, period.ends_at - timedelta(seconds=1))
    names = {one.name for one in found}
    return tuple(
        one
        for one in found
        if not names & set(TOLD_BY.get(one.name, ()))
        and not (one.name == JUMP and names & {*TELLING} and "sales_acceptance_rate" in one.metrics)
    )


def _pipeline_sql() -> str:
    lacking = ", ".join(
        f"count(*) filter (not is_strong_pipeline and not {name}) as {name}" for name in CRITERIA
    )
    return PIPELINE_SQL.format(lacking=lacking)


def _spend(con: "duckdb.DuckDBPyConnection", period: Period) -> dict[str, float]:
    if period.kind == "week":
        return {}
    return dict(con.execute(SPEND_SQL, [period.start, period.end]).fetchall())


def _mature(
    con: "duckdb.DuckDBPyConnection", published: Publication, period: Period
) -> tuple[Period, int, int]:
    while period.days_past(published.as_of) < published.conversion_horizon_days:
        period = period.before()
    [(leads, converted)] = con.execute(MATURE_SQL, [period.starts_at, period.ends_at]).fetchall()
    return period, leads, converted
