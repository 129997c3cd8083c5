"""A plan as Salesforce holds it, in Fivetran's names and in those of the API (Airbyte)."""

from __future__ import annotations

from datetime import datetime

from .plan import AS_OF, CLOSED, STAGE_ORDERS, WON, Activity, Change, Deal, Person, Plan
from .raw_tables import RawCrm, RawRow

WORDS = {
    "captured": ("New", "Open - Not Contacted"),
    "handed_over": ("MQL", "Assigned"),
    "working": ("Working - Contacted", "Attempted to Contact"),
    "accepted": ("Accepted", "SAL"),
    "rejected": ("Unqualified", "Closed - Not Converted"),
    "nurture": ("Nurture", "Future Interest"),
    "opportunity": ("Closed - Converted", "Converted"),
    "won": ("customer", "customer"),
    "unmapped": ("Some Status Of Ours", "Some Status Of Ours"),
}


class Salesforce:
    """Writes plans as tables of one org; its ids tell what they are of, as Salesforce's do."""

    crm = "salesforce"

    def lead(self, plan: Plan, number: int) -> str:
        return f"00Q{plan.space:03d}{number:02d}"

    def deal(self, plan: Plan, number: int) -> str:
        return f"006{plan.space:03d}{number:02d}"

    def company(self, plan: Plan, number: int) -> str:
        return f"001{plan.space:03d}{number:02d}"

    def owner(self, number: int) -> str:
        return f"005{number:02d}"

    def contact(self, plan: Plan, person: Person) -> str:
        """The contact that a lead became, if it did."""
        is_converted = person.deal is not None or person.converted_at is not None
        return f"003{plan.space:03d}{person.number:02d}" if is_converted else ""

    def tables(self, plans: list[Plan]) -> RawCrm:
        """The whole CRM: table -> rows as column -> text."""
        crm: RawCrm = {"user": [{"id": self.owner(n), "is_active": "true"} for n in range(2)]}
        crm["opportunity_stage"] = [_stage(label, order) for label, order in STAGE_ORDERS.items()]
        for table in ("lead", "lead_history", "account", "contact", "opportunity"):
            crm[table] = []
        for plan in plans:
            self._add_plan(crm, plan)
        return crm

    def _add_plan(self, crm: RawCrm, plan: Plan) -> None:
        for person in plan.persons:
            crm["lead"].append(self._lead(plan, person))
            crm["lead_history"] += self._lead_history(plan, person)
            if person.offer:
                self._add_response(crm, plan, person)
            if contact := self.contact(plan, person):
                crm["contact"].append({"id": contact, "title": person.title})
        for company in plan.companies:
            row = {"id": self.company(plan, company), "name": plan.company_name(company)}
            crm["account"].append(row)
        for deal in plan.deals:
            crm["opportunity"].append(self._opportunity(plan, deal))
            crm.setdefault("opportunity_history", []).extend(self._stages(plan, deal))
            self._add_roles(crm, plan, deal)
        for activity in plan.activities:
            if activity.kind == "meeting":
                crm.setdefault("event", []).append(self._event(plan, activity))
            else:
                crm.setdefault("task", []).append(self._task(plan, activity))

    def _owner_of(self, record: Person | Deal) -> str:
        return "" if record.owner is None else self.owner(record.owner)

    def _company_of(self, plan: Plan, record: Person | Deal) -> str:
        return "" if record.company is None else self.company(plan, record.company)

    def _lead(self, plan: Plan, person: Person) -> RawRow:
        deal = plan.deal_of(person)
        converted = deal.created_at if deal else person.converted_at
        return {
            "id": self.lead(plan, person.number),
            "created_date": written(person.created_at),
            "status": word(person.status),
            "lead_source": person.source,
            "owner_id": self._owner_of(person),
            "email": person.email,
            "company": plan.company_name(person.company),
            "title": person.title,
            "country": person.country,
            "industry": person.industry,
            "number_of_employees": person.employees,
            "timeframe_c": person.timeframe,
            "pain_c": person.pain,
            "disqualification_reason_c": person.reason,
            "is_converted": "true" if converted else "false",
            "converted_date": written(converted),
            "converted_contact_id": self.contact(plan, person),
            "converted_account_id": self._company_of(plan, person),
            "converted_opportunity_id": self.deal(plan, deal.number) if deal else "",
        }

    def _lead_history(self, plan: Plan, person: Person) -> list[RawRow]:
        lead = self.lead(plan, person.number)
        old, rows = "New", []
        for n, change in enumerate(person.changes):
            row = {"id": f"017{lead[3:]}{n}", "lead_id": lead, "created_date": written(change.at)}
            rows.append(row | {"field": "Status", "old_value": old, "new_value": word(change)})
            old = word(change)
        return rows

    def _add_response(self, crm: RawCrm, plan: Plan, person: Person) -> None:
        campaign = f"701{plan.space:03d}{person.number:02d}"
        crm.setdefault("campaign", []).append({"id": campaign, "name": person.offer})
        member = {
            "id": f"00v{campaign[3:]}",
            "campaign_id": campaign,
            "lead_id": self.lead(plan, person.number),
            "has_responded": "true",
            "created_date": written(person.created_at),
        }
        crm.setdefault("campaign_member", []).append(member)

    def _opportunity(self, plan: Plan, deal: Deal) -> RawRow:
        return {
            "id": self.deal(plan, deal.number),
            "account_id": self._company_of(plan, deal),
            "lead_source": deal.source,
            "created_date": written(deal.created_at),
            "close_date": f"{deal.close_date:%Y-%m-%d}" if deal.close_date else "",
            "stage_name": deal.stage,
            "is_closed": str(deal.is_closed).lower(),
            "is_won": str(deal.is_won).lower(),
            "amount": deal.amount,
            "currency_iso_code": deal.currency,
            "next_step": deal.next_step,
            "owner_id": self._owner_of(deal),
        }

    def _stages(self, plan: Plan, deal: Deal) -> list[RawRow]:
        key = self.deal(plan, deal.number)
        return [
            {
                "id": f"008{key[3:]}{n}",
                "opportunity_id": key,
                "stage_name": change.what,
                "created_date": written(change.at),
            }
            for n, change in enumerate(deal.changes)
        ]

    def _add_roles(self, crm: RawCrm, plan: Plan, deal: Deal) -> None:
        key = self.deal(plan, deal.number)
        bystanders = [f"003{key[3:]}b{n}" for n in range(deal.bystanders)]
        crm["contact"] += [{"id": contact, "title": ""} for contact in bystanders]
        contacts = [self.contact(plan, person) for person in plan.persons_of(deal)] + bystanders
        for contact in contacts:
            row = {"id": f"00K{contact[3:]}", "opportunity_id": key, "contact_id": contact}
            row |= {"role": "", "created_date": written(deal.created_at)}
            crm.setdefault("opportunity_contact_role", []).append(row)

    def _around(self, plan: Plan, activity: Activity) -> RawRow:
        """Whom and what an activity is with: the contact, where the CRM has moved it there."""
        who = ""
        if activity.person is not None:
            person = next(one for one in plan.persons if one.number == activity.person)
            who = self.lead(plan, person.number)
            who = self.contact(plan, person) or who if activity.is_moved else who
        what = "" if activity.deal is None else self.deal(plan, activity.deal)
        return {"who_id": who, "what_id": what, "created_date": written(activity.logged_at)}

    def _task(self, plan: Plan, activity: Activity) -> RawRow:
        is_done, kind = activity.done_at is not None, activity.kind.capitalize()
        is_call = activity.kind == "call"
        return self._around(plan, activity) | {
            "id": f"00T{plan.space:03d}{activity.number:02d}",
            "subject": f"[In] {kind}" if activity.is_inbound and not is_call else kind,
            "status": "Completed" if is_done else "Not Started",
            "is_closed": str(is_done).lower(),
            "type": kind,
            "call_type": "Inbound" if activity.is_inbound and is_call else "",
            "activity_date": f"{activity.due_at:%Y-%m-%d}" if activity.due_at else "",
            "completed_date_time": written(activity.done_at),
        }

    def _event(self, plan: Plan, activity: Activity) -> RawRow:
        return self._around(plan, activity) | {
            "id": f"00U{plan.space:03d}{activity.number:02d}",
            "subject": "Meeting",
            "start_date_time": written(activity.done_at or activity.due_at),
        }


class SalesforceApi(Salesforce):
    """The same org as Airbyte leaves it: names and times as the API has them."""

    def tables(self, plans: list[Plan]) -> RawCrm:
        return {
            api_name(table): [
                {api_name(column): _api_time(column, cell) for column, cell in row.items()}
                | {"_airbyte_extracted_at": f"{AS_OF:%Y-%m-%dT%H:%M:%S}Z"}
                for row in rows
            ]
            for table, rows in super().tables(plans).items()
        }


def word(change: Change) -> str:
    return WORDS[change.what][change.variant]


def written(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}" if moment else ""


def _stage(label: str, order: int) -> RawRow:
    return {
        "id": f"01J{order}",
        "api_name": label,
        "master_label": f"{order}. {label}",
        "sort_order": str(order),
        "is_closed": str(label in CLOSED).lower(),
        "is_won": str(label == WON).lower(),
    }


def api_name(name: str) -> str:
    """CamelCase; `pain_c` is `Pain__c`."""
    plain = name.removesuffix("_c")
    camel = "".join(part.capitalize() for part in plain.split("_"))
    return f"{camel}__c" if plain != name else camel


def _api_time(column: str, cell: str) -> str:
    is_time = cell and column.startswith(("created", "converted_date", "start", "completed"))
    return f"{cell.replace(' ', 'T')}.000+0000" if is_time else cell
