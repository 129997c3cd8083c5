"""A plan in the generic layout: the few tables of any other CRM."""

from __future__ import annotations

from datetime import datetime, time

from .plan import Activity, Change, Deal, Person, Plan
from .plan_salesforce import written
from .raw_tables import RawCrm, RawRow

WORDS = {
    "captured": ("Open", "New"),
    "handed_over": ("Marketing Qualified", "MQL"),
    "working": ("Contacted", "working"),
    "accepted": ("Qualified", "SQL"),
    "rejected": ("Disqualified", "Lost Lead"),
    "nurture": ("Recycled", "Nurturing"),
    "opportunity": ("Opportunity", "Converted"),
    "won": ("Customer", "Customer"),
    "unmapped": ("Some Status Of Ours", "Some Status Of Ours"),
}
DATE_COLUMNS = {"handed_over": "handed_over_at", "accepted": "accepted_at"}
DATE_COLUMNS |= {"rejected": "rejected_at"}


class Generic:
    """Writes plans as the tables of one CRM without a layout of its own."""

    crm = "generic"

    def lead(self, plan: Plan, number: int) -> str:
        return f"lead-{plan.space}-{number}"

    def deal(self, plan: Plan, number: int) -> str:
        return f"deal-{plan.space}-{number}"

    def company(self, plan: Plan, number: int) -> str:
        """The key that the words of its name make."""
        return plan.company_name(number).lower()

    def owner(self, number: int) -> str:
        return f"owner {number}"

    def tables(self, plans: list[Plan]) -> RawCrm:
        """The whole CRM: table -> rows as column -> text."""
        crm: RawCrm = {}
        for plan in plans:
            for table, rows in self._plan_tables(plan).items():
                crm.setdefault(table, []).extend(rows)
        return crm

    def _plan_tables(self, plan: Plan) -> RawCrm:
        return {
            "leads": [self._lead(plan, person) for person in plan.persons],
            "opportunities": [self._opportunity(plan, deal) for deal in plan.deals],
            "stage_events": [
                *(row for person in plan.persons for row in self._statuses(plan, person)),
                *(row for deal in plan.deals for row in self._stages(plan, deal)),
            ],
            "activities": [self._activity(plan, activity) for activity in plan.activities],
            "opportunity_contacts": [
                row for deal in plan.deals for row in self._contacts(plan, deal)
            ],
        }

    def _owner_of(self, record: Person | Deal) -> str:
        return "" if record.owner is None else self.owner(record.owner)

    def _lead(self, plan: Plan, person: Person) -> RawRow:
        firsts = _firsts(person) if person.uses_dates else {}
        return {
            "lead_id": self.lead(plan, person.number),
            "created_at": written(person.created_at),
            "status": word(person.status),
            "source": person.source,
            "owner": self._owner_of(person),
            "email": person.email,
            "company": plan.company_name(person.company),
            "title": person.title,
            "country": person.country,
            "industry": person.industry,
            "employees": person.employees,
            "timeframe": person.timeframe,
            "pain": person.pain,
            "disqualification_reason": person.reason,
            "offer": person.offer if person.number % 2 else "",
            "campaign": "" if person.number % 2 else person.offer,
            "opportunity_id": "" if person.deal is None else self.deal(plan, person.deal),
            **{
                column: written(firsts[what].at) if what in firsts else ""
                for what, column in DATE_COLUMNS.items()
            },
        }

    def _statuses(self, plan: Plan, person: Person) -> list[RawRow]:
        """The changes that no date column tells of."""
        told = list(_firsts(person).values()) if person.uses_dates else []
        return [
            {
                "object": "lead",
                "id": self.lead(plan, person.number),
                "stage": word(change),
                "entered_at": written(change.at),
            }
            for change in person.changes
            if change not in told
        ]

    def _opportunity(self, plan: Plan, deal: Deal) -> RawRow:
        closes = datetime.combine(deal.close_date, time()) if deal.close_date else None
        knows_flags = bool(deal.number % 2)
        return {
            "opportunity_id": self.deal(plan, deal.number),
            "created_at": written(deal.created_at),
            "stage": deal.stage,
            "is_won": str(deal.is_won).lower() if knows_flags else "",
            "is_closed": str(deal.is_closed).lower() if knows_flags else "",
            "amount": deal.amount,
            "currency": deal.currency,
            "closed_at": written(closes),
            "source": deal.source,
            "owner": self._owner_of(deal),
            "next_step": deal.next_step,
            "company": plan.company_name(deal.company),
        }

    def _stages(self, plan: Plan, deal: Deal) -> list[RawRow]:
        return [
            {
                "object": "opportunity",
                "id": self.deal(plan, deal.number),
                "stage": change.what,
                "entered_at": written(change.at),
            }
            for change in deal.changes
        ]

    def _contacts(self, plan: Plan, deal: Deal) -> list[RawRow]:
        key = self.deal(plan, deal.number)
        contacts = [self.lead(plan, person.number) for person in plan.persons_of(deal)]
        contacts += [f"bystander-{n}-of-{key}" for n in range(deal.bystanders)]
        return [{"opportunity_id": key, "contact_id": contact, "role": ""} for contact in contacts]

    def _activity(self, plan: Plan, activity: Activity) -> RawRow:
        person, deal = activity.person, activity.deal
        is_ahead = activity.kind == "meeting" and activity.due_at
        due = activity.due_at and activity.due_at.replace(hour=0, minute=0, second=0)
        return {
            "activity_id": f"act-{plan.space}-{activity.number}",
            "lead_id": "" if person is None else self.lead(plan, person),
            "opportunity_id": "" if deal is None else self.deal(plan, deal),
            "type": "Sales meeting" if activity.kind == "meeting" else activity.kind,
            "direction": "inbound" if activity.is_inbound else "",
            "completed_at": written(activity.done_at),
            "scheduled_at": written(activity.due_at if is_ahead else due),
        }


def word(change: Change) -> str:
    return WORDS[change.what][change.variant]


def _firsts(person: Person) -> dict[str, Change]:
    """The first change to each stage that has a date column."""
    found: dict[str, Change] = {}
    for change in person.changes:
        if change.what in DATE_COLUMNS:
            found.setdefault(change.what, change)
    return found
