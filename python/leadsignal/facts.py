"""What the story is told from: the counts of one period's leads, and how they can be cut."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from leadsignal.periods import Period
from leadsignal.scorecard import counting, scorecard
from leadsignal.scorecard.card import Scorecard
from leadsignal.scorecard.counting import Publication, records

if TYPE_CHECKING:
    import duckdb

CUTS = ("source", "campaign", "offer")


@dataclass
class Funnel:
    """How many leads of a group got how far, of all those captured in the period."""

    leads: int = 0
    target_market: int = 0
    fit: int = 0
    fit_known: int = 0
    accepted: int = 0
    conversations: int = 0
    opportunities: int = 0
    strong: int = 0
    failed: int = 0
    undecided: int = 0
    not_handed_over: int = 0
    paid: int = 0

    def __add__(self, other: "Funnel") -> "Funnel":
        return Funnel(
            *(getattr(self, each.name) + getattr(other, each.name) for each in fields(self))
        )


FUNNEL_SQL = """
    select
        source, campaign, offer,
        count(*) as leads,
        count(*) filter (is_target_market) as target_market,
        count(*) filter (is_icp_fit) as fit,
        count(*) filter (fit_verdict in ('pass', 'fail')) as fit_known,
        count(accepted_at) as accepted,
        count(first_conversation_at) as conversations,
        count(opportunity_at) as opportunities,
        count(*) filter (is_strong_pipeline) as strong,
        count(*) filter (sales_decision in ('rejected', 'disqualified')) as failed,
        count(*) filter (handed_over_at is not null and sales_decision is null) as undecided,
        count(*) filter (handed_over_at is null) as not_handed_over,
        count(*) filter (demand_type = 'paid') as paid
    from fct_leads
    where {captured}
    group by source, campaign, offer
"""
REASONS_SQL = """
    select
        coalesce(disqualification_reason, 'unstated') as reason,
        coalesce(disqualification_issue, 'unstated') as issue,
        count(*) as leads
    from fct_leads
    where {captured} and sales_decision in ('rejected', 'disqualified')
    group by all
    order by leads desc, reason
"""
FOLLOW_UP_SQL = """
    select
        count(*) as handed_over,
        count(*) filter (is_follow_up_due) as due,
        count(*) filter (is_follow_up_due and is_follow_up_completed) as completed,
        count(*) filter (missed and first_touch_at is null) as untouched,
        count(*) filter (missed and hours_to_first_touch > $sla_hours) as late,
        count(*) filter (missed and hours_to_first_touch <= $sla_hours) as dropped,
        count(*) filter (missed and is_nobodys) as nobodys,
        count(*) filter (lead_state = 'ignored') as ignored,
        count(*) filter (lead_state = 'stalled') as stalled,
        count(*) filter (lead_state = 'unresponsive') as unresponsive,
        (
            select count(*) from fct_leads
            where is_before_activities
                and handed_over_at >= $starts_at and handed_over_at < $ends_at
        ) as before_activities
    from (
        select
            fct_leads.*,
            is_follow_up_due and not is_follow_up_completed as missed,
            fct_leads.owner_id is null
            or coalesce(dim_owners.owner_type = 'queue' or not dim_owners.is_active, false)
                as is_nobodys
        from fct_leads left join dim_owners using (owner_id)
    ) as leads
    where handed_over_at >= $starts_at and handed_over_at < $ends_at
        and is_before_activities is not true
"""
IN_THE_PERIOD = "created_at >= $starts_at and created_at < $ends_at"
WITHOUT_A_DATE = "created_at is null"
MATURE_SQL = """
    select count(*), count(*) filter (has_opportunity_in_horizon)
    from fct_leads where is_mature and created_at >= ? and created_at < ?
"""


UNUSABLE_SQL = """
    select coalesce(sum(quarantined_rows), 0)::integer, coalesce(sum(raw_rows), 0)::integer
    from row_accounting where record_kind = 'lead'
"""
RECORD_SQL = """
    select
        (select count(*) from fct_opportunities),
        (select count(*) from fct_opportunities where outcome = 'open'),
        (select count(*) > 0 from fct_leads where sales_decision in ('rejected', 'disqualified'))
"""


@dataclass(frozen=True)
class Trust:
    """What crm_trust says of one question."""

    question: str
    question_order: int
    answerable_rows: int
    rows: int
    grade: str
    missing: str


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
    mature: tuple[Period, int, int]
    """The newest period old enough to judge conversion: its leads, those with a deal in time."""
    last_lead_at: datetime | None
    undated_leads: int
    is_snapshot: bool
    """No lead has a creation time (an export without one): the story is of all of them."""
    unusable: tuple[int, int] = (0, 0)
    """Raw lead rows that could not be used, and all raw lead rows."""
    trust: Mapping[int, Trust] = field(default_factory=dict)
    unknown_source: Funnel = field(default_factory=Funnel)
    """The leads of the period whose source is not known."""
    deals: tuple[int, int] = (0, 0)
    """All deals on record, of any period, and those of them that are open."""
    is_turning_down: bool = True
    """Sales turned a lead down in some period."""

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
        return all(
            self.trust[question].grade != "low" for question in questions if question in self.trust
        )


def gather(
    con: "duckdb.DuckDBPyConnection", period: str, as_of: str | date | datetime | None
) -> Facts:
    """The facts of the last period that is complete at `as_of`. Raises UsageError as scorecard."""
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
    follow_up = {**bounds, "sla_hours": published.follow_up_sla_hours}
    return Facts(
        published=published,
        card=card,
        funnel=_all(groups),
        cuts=_told_apart(groups),
        campaign_of=_pairs(groups, "source", "campaign") or {},
        spend=_spend(con, card.period),
        reasons=tuple((row["reason"], row["issue"], row["leads"]) for row in reasons),
        follow_up=records(con, FOLLOW_UP_SQL, follow_up)[0],
        mature=_mature(con, published, card.period),
        last_lead_at=last_lead_at,
        undated_leads=undated,
        is_snapshot=is_snapshot,
        unusable=con.execute(UNUSABLE_SQL).fetchall()[0],
        trust=_trust(con),
        unknown_source=_all([group for group in groups if group["source"] == "unknown"]),
        deals=(deals, open_deals),
        is_turning_down=is_turning_down,
    )


def _funnel(group: Mapping[str, Any]) -> Funnel:
    return Funnel(**{each.name: group[each.name] for each in fields(Funnel)})


def _all(groups: list[dict[str, Any]]) -> Funnel:
    return sum(map(_funnel, groups), Funnel())


def _cut(groups: list[dict[str, Any]], cut: str) -> dict[str, Funnel]:
    found: dict[str, Funnel] = defaultdict(Funnel)
    for group in groups:
        if group[cut] not in (None, "unknown"):
            found[group[cut]] += _funnel(group)
    return dict(found)


def _pairs(groups: list[dict[str, Any]], one: str, other: str) -> dict[str, str] | None:
    """One -> other when both cut the leads in the same way, else None."""
    pairs = {(group[one], group[other]) for group in groups} - {("unknown", None), (None, None)}
    named = {(a, b) for a, b in pairs if a is not None and b is not None}
    if len(named) == len({a for a, _ in pairs}) == len({b for _, b in pairs}) == len(pairs):
        return dict(named)
    return None


def _told_apart(groups: list[dict[str, Any]]) -> dict[str, dict[str, Funnel]]:
    """The cuts of the leads, without those that would tell the same story again."""
    cuts = {cut: _cut(groups, cut) for cut in CUTS}
    if all(group["campaign"] == group["offer"] for group in groups if group["offer"]):
        del cuts["offer"]
    for cut in ("campaign", "offer"):
        if _pairs(groups, "source", cut) is not None:
            cuts.pop(cut, None)
    return cuts


def _spend(con: "duckdb.DuckDBPyConnection", period: Period) -> dict[str, float]:
    if period.kind == "week":
        return {}
    sql = """
        select source, sum(spend) from lead_quality_by_source
        where created_month >= ? and created_month < ? and spend is not null group by source
    """
    return dict(con.execute(sql, [period.start, period.end]).fetchall())


def _mature(
    con: "duckdb.DuckDBPyConnection", published: Publication, period: Period
) -> tuple[Period, int, int]:
    while period.days_past(published.as_of) < published.conversion_horizon_days:
        period = period.before()
    [(leads, converted)] = con.execute(MATURE_SQL, [period.starts_at, period.ends_at]).fetchall()
    return period, leads, converted


def _trust(con: "duckdb.DuckDBPyConnection") -> dict[int, Trust]:
    columns = ", ".join(f'"{each.name}"' for each in fields(Trust))
    rows = con.execute(f"select {columns} from crm_trust order by question_order").fetchall()
    return {row[1]: Trust(*row) for row in rows}
