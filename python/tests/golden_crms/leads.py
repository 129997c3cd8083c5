"""One lead from its capture to the end, as persons, deals and activities of a plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from e2e.plan import Activity, Change, Deal, Person, Plan

from .cohorts import Cohort, Fate
from .truth import Funnel

FIT = {"country": "US", "industry": "Software", "employees": "200"}
UNFIT = {
    "Outside service area": FIT | {"country": "Brazil"},
    "Wrong industry": FIT | {"industry": "Mining"},
    "Too small": FIT | {"employees": "12"},
}
REASONS = ("No pain", "Too early", "No authority", "No budget")
VAGUE = ("", "Other", "Bad lead")
TITLES = ("VP Sales", "Head of Operations", "IT Manager", "Sales Coordinator")
ACCEPTED_THAT_FIT = 0.9
# Nobody is captured later than that day, so that everything of a lead happens in its month.
LAST_DAY = 15


@dataclass
class Lead:
    """What happens to one lead; each step is decided once."""

    number: int
    captured_at: datetime
    is_decided: bool
    is_accepted: bool
    is_fit: bool
    is_prompt: bool
    is_vague: bool
    has_talked: bool
    outcome: str | None  # won, lost or open; None without a deal
    score: int | None

    def after(self, days: float) -> datetime:
        return self.captured_at + timedelta(days=days)

    @property
    def is_rejected(self) -> bool:
        return self.is_decided and not self.is_accepted

    @property
    def first_touch_at(self) -> datetime | None:
        """An hour after the capture it was handed over."""
        if self.is_prompt:
            return self.captured_at + timedelta(hours=6)
        return self.captured_at + timedelta(hours=41) if self.is_decided else None

    @property
    def amount(self) -> float:
        return 8000.0 + 1000 * (self.number % 9)


def decide(cohort: Cohort, number: int, fate: Fate) -> Lead:
    """The next lead of a cohort."""
    rates = cohort.rates
    scores = list(cohort.by_score)
    score = scores[number % len(scores)] if scores else None
    is_decided = fate.holds(f"decided {score}", rates.decided)
    acceptance = rates.accepted if score is None else cohort.by_score[score]
    is_accepted = is_decided and fate.holds(f"accepted {score}", acceptance)
    fit = ACCEPTED_THAT_FIT if is_accepted else rates.fit
    has_talked = is_accepted and fate.holds("talked", rates.talked)
    has_deal = has_talked and fate.holds("opened", rates.opened)
    outcome = _outcome(cohort, fate) if has_deal else None
    day = fate.random.randrange(LAST_DAY)
    minute = fate.random.randrange(8 * 60, 18 * 60)
    return Lead(
        number,
        cohort.month + timedelta(days=day, minutes=minute),
        is_decided,
        is_accepted,
        fate.holds(f"fit {is_accepted}", fit),
        fate.holds(f"prompt {is_decided}", rates.prompt),
        is_decided and not is_accepted and fate.holds("vague", rates.vague),
        has_talked,
        outcome,
        score,
    )


def _outcome(cohort: Cohort, fate: Fate) -> str:
    if fate.holds("won", cohort.rates.won):
        return "won"
    return "lost" if fate.holds("lost", cohort.rates.lost / (1 - cohort.rates.won)) else "open"


def truth_of(lead: Lead) -> Funnel:
    """The lead as counts of one and none."""
    return Funnel(
        leads=1,
        fit=int(lead.is_fit),
        handed_over=1,
        touched=int(lead.first_touch_at is not None),
        accepted=int(lead.is_accepted),
        rejected=int(lead.is_rejected),
        vague=int(lead.is_vague),
        conversations=int(lead.has_talked),
        opportunities=int(lead.outcome is not None),
        won=int(lead.outcome == "won"),
        lost=int(lead.outcome == "lost"),
        amount=lead.amount if lead.outcome else 0.0,
    )


def plan_of(cohort: Cohort, space: int, leads: list[Lead]) -> Plan:
    """The leads of a cohort in a name space of their own."""
    dealt = [lead for lead in leads if lead.outcome]
    return Plan(
        space,
        persons=tuple(_person(cohort, space, lead) for lead in leads),
        deals=tuple(_deal(lead) for lead in dealt),
        activities=tuple(
            activity for lead in leads for activity in _activities(lead, 2 * lead.number)
        ),
        companies=tuple(lead.number for lead in dealt),
    )


def _person(cohort: Cohort, space: int, lead: Lead) -> Person:
    changes = [Change("handed_over", lead.after(1 / 24))]
    if lead.is_decided:
        changes.append(Change("accepted" if lead.is_accepted else "rejected", lead.after(2)))
    about = FIT if lead.is_fit else UNFIT[list(UNFIT)[lead.number % len(UNFIT)]]
    return Person(
        lead.number,
        lead.captured_at,
        email=f"lead{lead.number}@x{space:03d}.example",
        status=changes[-1],
        changes=tuple(changes),
        source=cohort.raw_source or "",
        title=TITLES[lead.number % len(TITLES)],
        timeframe="0-3 months" if lead.number % 3 else "",
        reason=_reason(lead),
        offer=cohort.campaign or "",
        owner=lead.number % 2,
        company=lead.number if lead.outcome else None,
        deal=lead.number if lead.outcome else None,
        country=about["country"],
        industry=about["industry"],
        employees=about["employees"],
    )


def _reason(lead: Lead) -> str:
    if not lead.is_rejected:
        return ""
    if lead.is_vague:
        return VAGUE[lead.number % len(VAGUE)]
    if lead.is_fit:
        return REASONS[lead.number % len(REASONS)]
    return list(UNFIT)[lead.number % len(UNFIT)]


def _deal(lead: Lead) -> Deal:
    opened = lead.after(5)
    changes = [Change("Discovery", opened), Change("Proposal", lead.after(7))]
    ends = {"won": "Closed Won", "lost": "Closed Lost"}
    if lead.outcome in ends:
        changes.append(Change(ends[lead.outcome], lead.after(10 + lead.number % 4)))
    closes = changes[-1].at if lead.outcome in ends else lead.after(60)
    return Deal(
        lead.number,
        opened,
        changes[-1].what,
        tuple(changes),
        close_date=closes.date(),
        amount=f"{lead.amount:.0f}",
        next_step="Send the proposal" if lead.number % 2 else "",
        company=lead.number,
        owner=lead.number % 2,
        bystanders=lead.number % 3,
    )


def _activities(lead: Lead, number: int) -> list[Activity]:
    found = []
    if at := lead.first_touch_at:
        kind = "call" if lead.number % 2 else "email"
        found.append(Activity(number, kind, at, person=lead.number, done_at=at))
    if lead.has_talked:
        at = lead.after(3)
        found.append(Activity(number + 1, "meeting", at, person=lead.number, done_at=at))
    return found
