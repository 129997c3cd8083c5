"""A plan as HubSpot holds it, loaded by Fivetran, Airbyte or dlt."""

from __future__ import annotations

from datetime import datetime, time

from .hubspot_loaders import airbyte, dlt
from .plan import CLOSED, STAGE_ORDERS, WON, Activity, Deal, Person, Plan
from .plan_salesforce import written
from .raw_tables import RawCrm, RawRow

LIFECYCLE, STATUS = "lifecyclestage", "hs_lead_status"
# The field that a stage of a lead is said in, and the words for it.
WORDS = {
    "captured": (STATUS, "NEW", "Open"),
    "handed_over": (LIFECYCLE, "marketingqualifiedlead", "marketingqualifiedlead"),
    "working": (STATUS, "IN_PROGRESS", "ATTEMPTED_TO_CONTACT"),
    "accepted": (LIFECYCLE, "salesqualifiedlead", "salesqualifiedlead"),
    "rejected": (STATUS, "UNQUALIFIED", "BAD_TIMING"),
    "nurture": (STATUS, "Nurturing", "Recycled"),
    "opportunity": (LIFECYCLE, "opportunity", "opportunity"),
    "won": (LIFECYCLE, "customer", "customer"),
    "unmapped": (STATUS, "Some Status Of Ours", "Some Status Of Ours"),
}
# What HubSpot's analytics say by themselves, where the plan has the same source.
ANALYTICS = {"Paid Social": "PAID_SOCIAL", "Organic Search": "ORGANIC_SEARCH"}
ANALYTICS |= {"Paid Search": "PAID_SEARCH"}
STAGE_IDS = {"Discovery": "10011", "Proposal": "presentationscheduled", "Negotiation": "10013"}
STAGE_IDS |= {"Closed Won": "closedwon", "Closed Lost": "closedlost"}
PIPELINE = "default"


class HubSpot:
    """Writes plans as tables of one portal; ids are numbers, of persons and deals alike."""

    crm = "hubspot"

    def lead(self, plan: Plan, number: int) -> str:
        return str(500_000 + 100 * plan.space + number)

    def deal(self, plan: Plan, number: int) -> str:
        return str(9_000_000_000 + 100 * plan.space + number)

    def company(self, plan: Plan, number: int) -> str:
        return str(7_000_000_000 + 100 * plan.space + number)

    def owner(self, number: int) -> str:
        return str(4_402_320 + number)

    def tables(self, plans: list[Plan]) -> RawCrm:
        """The whole CRM: table -> rows as column -> text."""
        crm: RawCrm = {
            "owner": [{"owner_id": self.owner(n), "type": "PERSON"} for n in range(2)],
            "deal_pipeline": [{"pipeline_id": PIPELINE, "label": "Sales", "active": "true"}],
            "deal_pipeline_stage": [_stage(*stage) for stage in STAGE_ORDERS.items()],
            "form": [],
        }
        for plan in plans:
            for table, rows in self._plan_tables(plan).items():
                crm.setdefault(table, []).extend(rows)
        return crm

    def _plan_tables(self, plan: Plan) -> RawCrm:
        crm: RawCrm = {
            "contact": [self._contact(plan, person) for person in plan.persons],
            "contact_property_history": [
                row for person in plan.persons for row in self._history(plan, person)
            ],
            "company": [
                {
                    "id": self.company(plan, company),
                    "property_name": plan.company_name(company),
                    "is_deleted": "false",
                }
                for company in plan.companies
            ],
            "deal": [self._deal(plan, deal) for deal in plan.deals],
            "deal_stage": [row for deal in plan.deals for row in self._stages(plan, deal)],
            "deal_contact": [],
            "deal_company": [
                {
                    "deal_id": self.deal(plan, deal.number),
                    "company_id": self.company(plan, deal.company),
                    "type_id": "5",
                }
                for deal in plan.deals
                if deal.company is not None
            ],
        }
        for deal in plan.deals:
            self._add_contacts(crm, plan, deal)
        for person in plan.persons:
            if person.offer:
                self._add_submission(crm, plan, person)
        for activity in plan.activities:
            self._add_engagement(crm, plan, activity)
        return crm

    def _owner_of(self, record: Person | Deal) -> str:
        return "" if record.owner is None else self.owner(record.owner)

    def _contact(self, plan: Plan, person: Person) -> RawRow:
        current = {field: value for field, value, _ in self._statuses(person)}
        field, *words = WORDS[person.status.what]
        current[field] = words[person.status.variant]
        by_analytics = ANALYTICS.get(person.source, "")
        company = "" if person.company is None else self.company(plan, person.company)
        return {
            "id": self.lead(plan, person.number),
            "property_createdate": written(person.created_at),
            "property_email": person.email,
            "property_lifecyclestage": current.get(LIFECYCLE, ""),
            "property_hs_lead_status": current.get(STATUS, ""),
            "property_lead_source": "" if by_analytics else person.source,
            "property_hs_analytics_source": by_analytics,
            "property_hubspot_owner_id": self._owner_of(person),
            "property_associatedcompanyid": company,
            "property_company": plan.company_name(person.company),
            "property_jobtitle": person.title,
            "property_country": person.country,
            "property_industry": person.industry,
            "property_numemployees": person.employees,
            "property_timeframe": person.timeframe,
            "property_pain": person.pain,
            "property_disqualification_reason": person.reason,
            "property_utm_campaign": person.offer,
            "_fivetran_deleted": "false",
        }

    def _statuses(self, person: Person) -> list[tuple[str, str, datetime]]:
        """Property, value and time of each change, in order.

        Some contacts begin as `lead`, which says no more than their creation. The double of
        somebody must not: there it would be a lead that comes back.
        """
        begins = (
            person.number >= 3 and person.number % 2 == 1 and "ann@" not in person.email.lower()
        )
        rows = [(LIFECYCLE, "lead", person.created_at)] if begins and person.changes else []
        for change in person.changes:
            field, *words = WORDS[change.what]
            rows.append((field, words[change.variant], change.at))
        return rows

    def _history(self, plan: Plan, person: Person) -> list[RawRow]:
        return [
            {
                "contact_id": self.lead(plan, person.number),
                "name": field,
                "value": value,
                "timestamp": written(moment),
                "source": "CRM_UI",
            }
            for field, value, moment in self._statuses(person)
        ]

    def _add_submission(self, crm: RawCrm, plan: Plan, person: Person) -> None:
        contact = self.lead(plan, person.number)
        form = f"form-{person.offer.lower().split()[0]}-{contact}"
        crm.setdefault("form", []).append({"guid": form, "name": person.offer})
        row = {"contact_id": contact, "form_id": form, "timestamp": written(person.created_at)}
        row |= {
            "conversion_id": f"c-{contact}",
            "title": "Thank you",
            "page_url": "https://us.example",
        }
        crm.setdefault("contact_form_submission", []).append(row)

    def _deal(self, plan: Plan, deal: Deal) -> RawRow:
        closes = datetime.combine(deal.close_date, time()) if deal.close_date else None
        by_analytics = ANALYTICS.get(deal.source, "")
        return {
            "deal_id": self.deal(plan, deal.number),
            "deal_pipeline_id": PIPELINE,
            "deal_pipeline_stage_id": STAGE_IDS[deal.stage],
            "property_createdate": written(deal.created_at),
            "property_closedate": written(closes),
            "property_amount": deal.amount,
            "property_deal_currency_code": deal.currency,
            "property_hs_next_step": deal.next_step,
            "property_lead_source": "" if by_analytics else deal.source,
            "property_hs_analytics_source": by_analytics,
            "owner_id": self._owner_of(deal),
            "is_deleted": "false",
        }

    def _stages(self, plan: Plan, deal: Deal) -> list[RawRow]:
        """One row per change; the last one ends in 2050, and is the only active one."""
        ends = [*(change.at for change in deal.changes[1:]), datetime(2050, 1, 1)]
        return [
            {
                "deal_id": self.deal(plan, deal.number),
                "value": STAGE_IDS[change.what],
                "date_entered": written(change.at),
                "_fivetran_start": written(change.at),
                "_fivetran_end": written(end),
                "_fivetran_active": str(end.year == 2050).lower(),
            }
            for change, end in zip(deal.changes, ends, strict=False)
        ]

    def _add_contacts(self, crm: RawCrm, plan: Plan, deal: Deal) -> None:
        """Leads, and bystanders that are none."""
        key = self.deal(plan, deal.number)
        contacts = [self.lead(plan, person.number) for person in plan.persons_of(deal)]
        for n in range(deal.bystanders):
            contacts.append(str(3_000_000 + 1000 * plan.space + 10 * deal.number + n))
            bystander = {"id": contacts[-1], "property_createdate": written(deal.created_at)}
            crm["contact"].append(bystander | {"property_lifecyclestage": "other"})
        for contact in contacts:
            row = {"deal_id": key, "contact_id": contact, "type_id": "3"}
            crm["deal_contact"].append(row | {"category": "HUBSPOT_DEFINED"})

    def _add_engagement(self, crm: RawCrm, plan: Plan, activity: Activity) -> None:
        key, kind = str(19_000_000_000 + 100 * plan.space + activity.number), activity.kind
        crm.setdefault("engagement", []).append({"id": key, "type": kind.upper()})
        row = {"engagement_id": key, "property_hs_createdate": written(activity.logged_at)}
        row |= _engagement_properties(activity)
        crm.setdefault(f"engagement_{kind}", []).append(row)
        for thing, number, name in (
            ("contact", activity.person, self.lead),
            ("deal", activity.deal, self.deal),
        ):
            if number is not None:
                link = {"engagement_id": key, f"{thing}_id": name(plan, number)}
                link["engagement_type"] = kind.upper()
                crm.setdefault(f"engagement_{thing}", []).append(link)


class HubSpotAirbyte(HubSpot):
    """The same portal as Airbyte leaves it."""

    def tables(self, plans: list[Plan]) -> RawCrm:
        return airbyte(super().tables(plans))


class HubSpotDlt(HubSpot):
    """The same portal as dlt leaves it, for plans without activities and responses."""

    crm = "hubspot_dlt"

    def tables(self, plans: list[Plan]) -> RawCrm:
        return dlt(super().tables(plans))


def _engagement_properties(activity: Activity) -> RawRow:
    moment = activity.done_at or activity.due_at
    if activity.kind == "call":
        direction = "INBOUND" if activity.is_inbound else "OUTBOUND"
        row = {"property_hs_call_status": "COMPLETED", "property_hs_call_direction": direction}
    elif activity.kind == "email":
        direction = "INCOMING_EMAIL" if activity.is_inbound else "EMAIL"
        row = {"property_hs_email_status": "SENT", "property_hs_email_direction": direction}
    elif activity.kind == "meeting":
        outcome = "COMPLETED" if activity.done_at else "SCHEDULED"
        row = {"property_hs_meeting_outcome": outcome}
        row["property_hs_meeting_start_time"] = written(moment)
    else:
        status = "COMPLETED" if activity.done_at else "NOT_STARTED"
        row = {"property_hs_task_status": status}
        row["property_hs_task_completion_date"] = written(activity.done_at)
    if activity.kind == "task" and activity.due_at:
        moment = activity.due_at.replace(hour=12, minute=0, second=0)
    return row | {"property_hs_timestamp": written(moment)}


def _stage(label: str, order: int) -> RawRow:
    return {
        "stage_id": STAGE_IDS[label],
        "pipeline_id": PIPELINE,
        "label": label,
        "display_order": str(order),
        "probability": "1.0" if label == WON else "0.0" if label in CLOSED else "0.4",
        "is_closed": str(label in CLOSED).lower(),
        "active": "true",
    }
