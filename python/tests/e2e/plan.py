"""A neutral plan of a CRM: what happened, in no vendor's words.

Only what every layout can express is planned, so that the marts must be the same whatever the
layout: no connected calls and no meetings that were booked and not held (the generic layout has
neither), no merges and no deletions within a CRM, no roles, no costs and rates, no attributes of
companies, and one response of a lead at its creation. Times are UTC without zone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

# The one "now" of every planned CRM, and the zone of its months and days.
AS_OF = datetime(2026, 7, 20, 12)
ZONE = "America/New_York"
# Before everything else that is planned: where the history of every planned CRM begins.
HISTORY_BEGINS = datetime(2025, 12, 1, 8)

# Orders are those of the seed `opportunity_stages`, which is all that the generic layout knows.
STAGE_ORDERS = {
    "Discovery": 3,
    "Proposal": 8,
    "Negotiation": 10,
    "Closed Won": 12,
    "Closed Lost": 13,
}
WON, CLOSED = "Closed Won", ("Closed Won", "Closed Lost")


@dataclass(frozen=True)
class Change:
    """A status (lead) or a stage (deal) that was entered.

    Attributes:
        what: canonical stage of a lead, or label of a stage of a deal.
        at: when it was entered.
        variant: which of several words for it a writer takes.
    """

    what: str
    at: datetime
    variant: int = 0


@dataclass(frozen=True)
class Person:
    """One record of a lead.

    Attributes:
        number: tells the persons of a plan apart, as in every other class here.
        status: canonical stage of the current status; mostly the one of the last change.
        company: number of the company it was converted into; only with a deal or an acceptance.
        deal: number of the deal it was converted into, when the deal was created.
        offer: name of what it responded to at its creation.
        uses_dates: the generic layout says the first changes by its date columns.
    """

    number: int
    created_at: datetime
    email: str
    status: Change
    changes: tuple[Change, ...] = ()
    source: str = ""
    title: str = ""
    country: str = ""
    industry: str = ""
    employees: str = ""
    timeframe: str = ""
    pain: str = ""
    reason: str = ""
    offer: str = ""
    owner: int | None = None
    company: int | None = None
    deal: int | None = None
    uses_dates: bool = False

    @property
    def converted_at(self) -> datetime | None:
        """When Salesforce says that a lead without a deal became a contact of its company."""
        accepted = [change.at for change in self.changes if change.what == "accepted"]
        return min(accepted) if self.company is not None and self.deal is None else None


@dataclass(frozen=True)
class Deal:
    """One deal; `stage` is the current one, mostly that of the last change."""

    number: int
    created_at: datetime
    stage: str
    changes: tuple[Change, ...] = ()
    close_date: date | None = None
    amount: str = ""
    currency: str = ""
    next_step: str = ""
    source: str = ""
    owner: int | None = None
    company: int | None = None
    bystanders: int = 0

    @property
    def is_closed(self) -> bool:
        return self.stage in CLOSED

    @property
    def is_won(self) -> bool:
        return self.stage == WON


@dataclass(frozen=True)
class Activity:
    """A call, e-mail, to-do or meeting: done (or held) at a moment, or due (or ahead).

    Attributes:
        kind: call, email, task or meeting.
        done_at: when it was done or held, never after AS_OF.
        due_at: when it is to be done; a meeting of the future. Only tasks and meetings are open.
        is_inbound: came from the lead; calls and e-mails only.
        is_moved: Salesforce has moved it to the contact, if there is one.
    """

    number: int
    kind: str
    logged_at: datetime
    person: int | None = None
    deal: int | None = None
    done_at: datetime | None = None
    due_at: datetime | None = None
    is_inbound: bool = False
    is_moved: bool = False


@dataclass(frozen=True)
class Plan:
    """One planned CRM. `space` is its name space: no two plans share an id, e-mail or company."""

    space: int
    persons: tuple[Person, ...] = ()
    deals: tuple[Deal, ...] = ()
    activities: tuple[Activity, ...] = ()
    companies: tuple[int, ...] = field(default=())

    @property
    def is_thin(self) -> bool:
        """Nothing in it that dlt does not load: neither activities nor responses."""
        return not self.activities and not any(person.offer for person in self.persons)

    def persons_of(self, deal: Deal) -> list[Person]:
        return [person for person in self.persons if person.deal == deal.number]

    def deal_of(self, person: Person) -> Deal | None:
        return next((deal for deal in self.deals if deal.number == person.deal), None)

    def company_name(self, company: int | None) -> str:
        """Words of letters and digits alone: the generic layout's key is made of them."""
        return "" if company is None else f"Acme {company} x{self.space:03d}"
