"""The neutral records: what each layout is turned into before the definitions look at it.

Ids are keys, `<crm>:<raw id>`; times are UTC. A record that points at another raw row has its id.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

Row = dict[str, Any]


@dataclass
class LeadRecord:
    """One record of a person that counts. `row` is the raw row, which may yet become merged."""

    row: Row
    crm: str
    layout: str
    id: str
    created_at: datetime | None
    lead_source: str | None = None
    owner_id: str | None = None
    email: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    company: str | None = None
    title: str | None = None
    industry: str | None = None
    employees: float | None = None
    country: str | None = None
    is_converted: bool = False
    converted_at: datetime | None = None
    conversion_row_at: datetime | None = None
    """The first row of history that says so."""
    last_modified_at: datetime | None = None
    converted_opportunity_id: str | None = None
    contact_id: str | None = None  # what activities and roles point at besides the record
    company_id: str | None = None
    reason: str | None = None
    pain: str | None = None
    timeframe: str | None = None
    score: float | None = None
    utm_source: str | None = None
    utm_medium: str | None = None
    utm_campaign: str | None = None
    statuses: list[Status] = field(default_factory=list)


@dataclass(frozen=True)
class Status:
    """The current value of a status field of a record, and when the record was last modified."""

    name: str
    value: str | None
    modified_at: datetime | None
    is_modified_known: bool = True
    """Else `modified_at` is when the record was created."""


@dataclass(frozen=True)
class Change:
    """A change of a lead record, also after as_of.

    `field` is the status field, None when another field changed. `stage` is given where the
    column itself says it, else `value` is mapped. A date column is no history. `merged_from` is the
    record that was merged into this one, whose change it was.
    """

    id: str
    lead_id: str
    at: datetime
    field: str | None = None
    value: str | None = None
    stage: str | None = None
    is_conversion: bool = False
    is_bulk: bool = False
    is_history: bool = True
    merged_from: str | None = None


@dataclass(frozen=True)
class Company:
    """What a company fills in for its leads, and what tells it from others."""

    id: str
    name: str | None = None
    website: str | None = None
    industry: str | None = None
    employees: float | None = None
    country: str | None = None


@dataclass(frozen=True)
class Task:
    """A task, call or e-mail with all people and deals it is with. `due` is a day."""

    id: str
    who: frozenset[str]
    what: frozenset[str]
    is_closed: bool
    created_at: datetime | None
    completed_at: datetime | None
    due: date | None
    is_time_guessed: bool = False  # nobody wrote when it was completed
    kind: str = "task"  # or call or email
    disposition: str | None = None
    words: dict[str, str | None] = field(default_factory=dict)  # what activity_rules look at


@dataclass(frozen=True)
class Meeting:
    """A meeting. `outcome` None: the CRM knows no outcomes, a past meeting was held."""

    id: str
    who: frozenset[str]
    what: frozenset[str]
    created_at: datetime | None
    starts_at: datetime | None
    outcome: str | None = None
    words: dict[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True)
class ResponseRecord:
    """A reaction of whoever `lead_id`, else `contact_id` is. `offer` None: the campaign's name."""

    id: str
    lead_id: str | None
    responded_at: datetime | None
    contact_id: str | None = None
    campaign_id: str | None = None
    offer: str | None = None


@dataclass(frozen=True)
class Campaign:
    """A campaign with its cost in its own currency."""

    id: str
    crm: str
    name: str | None
    type: str | None
    start_date: date | None = None
    cost: float | None = None
    currency: str | None = None


@dataclass(frozen=True)
class Spend:
    """Money spent in a month on a source, else on a campaign, in the reporting currency."""

    month: date | None
    lead_source: str | None
    campaign_id: str | None
    amount: float | None


@dataclass
class DealRecord:
    """One opportunity that counts. `closes_at` is the moment of the close date, midnight of a day.

    `stage_key` tells stages of one CRM apart where `stage` is only what is shown.
    """

    row: Row
    crm: str
    layout: str
    id: str
    company_id: str | None = None
    campaign_id: str | None = None
    lead_source: str | None = None
    created_at: datetime | None = None
    last_modified_at: datetime | None = None
    close_date: date | None = None
    closes_at: datetime | None = None
    stage: str | None = None
    stage_key: str = ""
    is_closed: bool | None = None
    is_won: bool | None = None
    amount: float | None = None
    home_amount: float | None = None
    currency: str | None = None
    next_step: str | None = None
    owner_id: str | None = None
    other_crm_id: str | None = None  # the same deal in another CRM, as a raw id


@dataclass(frozen=True)
class StageChange:
    """A deal came into a stage, also after as_of."""

    id: str
    stage: str
    stage_key: str
    at: datetime


@dataclass(frozen=True)
class Stage:
    """What the CRM itself knows of a stage; None for what it does not."""

    order: int | None
    is_closed: bool | None
    is_won: bool | None


@dataclass(frozen=True)
class DealContact:
    """A contact on a deal. `is_lead`: the contact is the lead itself, link tier 1."""

    deal_id: str
    contact_id: str
    role: str | None = None
    is_lead: bool = False


@dataclass(frozen=True)
class Rate:
    """Units of a currency for one of the reporting currency; without bounds it always holds."""

    currency: str
    rate: float | None
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class Owner:
    """Who may own records: a user, or a queue by its name; whether active, where that is told."""

    id: str
    type: str
    is_active: bool | None = None
    queue_name: str | None = None


@dataclass
class CrmRecords:
    """Everything that one CRM says."""

    crm: str
    leads: list[LeadRecord] = field(default_factory=list)
    lead_merges: dict[str, str] = field(default_factory=dict)  # merged away -> end of its chain
    changes: dict[str, list[Change]] = field(default_factory=dict)  # lead id -> changes
    first_history_at: datetime | None = None
    companies: dict[str, Company] = field(default_factory=dict)
    titles: dict[str, str | None] = field(default_factory=dict)  # contact id -> title
    company_of: dict[str, str] = field(default_factory=dict)  # contact id -> its company
    tasks: list[Task] = field(default_factory=list)
    meetings: list[Meeting] = field(default_factory=list)
    responses: list[ResponseRecord] = field(default_factory=list)
    campaigns: dict[str, Campaign] = field(default_factory=dict)
    spend: list[Spend] = field(default_factory=list)
    deals: list[DealRecord] = field(default_factory=list)
    deal_merges: dict[str, str] = field(default_factory=dict)  # merged away -> end of its chain
    deal_changes: dict[str, list[StageChange]] = field(default_factory=dict)
    stages: dict[str, Stage] = field(default_factory=dict)  # stage key -> what is known of it
    deal_contacts: list[DealContact] = field(default_factory=list)
    rates: list[Rate] = field(default_factory=list)
    owners: list[Owner] = field(default_factory=list)
    zones: dict[str, str] = field(default_factory=dict)  # owner id -> name of their time zone


def chain_ends(steps: dict[str, str]) -> dict[str, str]:
    """Where each chain of merges ends; one that goes in a circle is left out."""
    ends: dict[str, str] = {}
    for start in steps:
        seen, place = {start}, steps[start]
        while place in steps and place not in seen:
            seen.add(place)
            place = steps[place]
        if place not in seen:
            ends[start] = place
    return ends
