"""Random CRMs in the generic layout, with everything that goes wrong; as `crms` in their form."""

from __future__ import annotations

from datetime import datetime

from . import crms
from .dice import Dice
from .raw_tables import RawCrm, RawRow

SOURCES = [*crms.SOURCES, "Select", "None", "facebook ads"]
CAMPAIGNS = [*crms.CAMPAIGNS, "Webinar", "", "", " demo DAY"]
OFFERS = ["", "", "", "Demo request", "Ebook: growth", "Pricing page"]
COMPANIES = [
    "Acme",
    "acme!",
    " ACME ",
    "Nordwind Ltd",
    "Nordwind  ltd.",
    "",
    "",
    "!!",
    "Ünal & Söhne",
]
TYPES = ["call", "Call", "email", "E-mail", "meeting", "Demo", "On-site appointment", "task", ""]
TYPES += ["Phone call", "emails", "Mail merge", "Meetings", "demonstration", "Follow-up meeting "]
OBJECTS = ["lead", "leads", "Lead ", "opportunity", "deal", "opportunities", "Deals", "contact", ""]
OWNERS = ["Ann Rep", "Bob Rep", "", "ann rep"]
MONTHS = [
    "2026-3",
    "02/2026",
    "202604",
    "2026/05",
    "2026-3",
    "02/2026",
    "202604",
    "2026/05",
    "2026-03-01",
    "2026-03-17",
    "2026-03",
    "2026-05-01",
    "03/01/2026",
    "",
    "soon",
    "2026-12-01",
]
SPENT = ["100", "$1,200.50", "0", "-5", "", "33.33", "lots"]
STAGES = [*crms.STAGES, "closed won ", "NEGOTIATION"]
KEYS = {"leads": "lead_id", "opportunities": "opportunity_id", "stage_events": "id"}
KEYS |= {"activities": "activity_id", "opportunity_contacts": "contact_id"}


def generic_crm(dice: Dice) -> RawCrm:
    """The CRM that the dice say."""
    leads = [f"L{n}~" for n in range(1 + dice.upto(11))]
    deals = [f"D{n}~" for n in range(dice.upto(5))]
    crm: RawCrm = {"leads": [], "opportunities": [], "stage_events": []}
    for lead in leads:
        _add_lead(dice, crm, lead, deals)
    for deal in deals:
        _add_deal(dice, crm, deal)
    busy = [dice.pick(leads)] * 4
    people = [*busy, *leads, "", "L-gone~"]
    crm["activities"] = [_activity(dice, n, people, deals) for n in range(dice.upto(30))]
    crm["opportunity_contacts"] = [
        {
            "opportunity_id": dice.pick([*deals, *deals, "D-gone~"]),
            "contact_id": dice.pick([*leads, *leads, "C1~", "C2~"]),
            "role": dice.pick(crms.ROLES),
        }
        for _ in range(dice.upto(8) if deals else 0)
    ]
    crm["spend"] = [_spend(dice) for _ in range(dice.upto(4))]
    return {table: _copies(dice, table, rows) for table, rows in crm.items()}


def _copies(dice: Dice, table: str, rows: list[RawRow]) -> list[RawRow]:
    """Some rows twice, some without an id, some deleted, some an older version."""
    arrived = []
    for row in rows:
        if table in KEYS and dice.once_in(30):
            arrived.append(row | {KEYS[table]: ""})
        elif dice.once_in(20):
            copy = row | ({"owner": "Bob Rep"} if "owner" in row else {})
            modified = dice.written(dice.moment()) if dice.once_in(2) else ""
            arrived += [row, copy | {"last_modified_date": modified}]
        elif dice.once_in(30):
            arrived.append(row | {"is_deleted": dice.pick(["true", "1"])})
        elif dice.once_in(40):
            arrived.append(row | {"_fivetran_active": "false"})
        else:
            arrived.append(row)
    return arrived


def _add_lead(dice: Dice, crm: RawCrm, lead: str, deals: list[str]) -> None:
    created = dice.moment()
    walk = _walk(dice, lead, created)
    status = walk[-1]["stage"] if walk else dice.pick(crms.STATUSES)
    dates = ["handed_over_at", "accepted_at", "rejected_at"]
    row = {
        "lead_id": lead,
        "created_at": dice.creation(created),
        "status": dice.pick([*crms.STATUSES, *crms.ODD_STATUSES]) if dice.once_in(5) else status,
        "source": dice.pick(SOURCES),
        "campaign": dice.pick(CAMPAIGNS),
        "offer": dice.pick(OFFERS),
        "owner": dice.pick(OWNERS),
        "email": dice.pick(crms.EMAILS) if dice.once_in(2) else f"{lead}@~.example",
        "company": dice.pick(COMPANIES),
        "title": dice.pick(crms.TITLES),
        "industry": dice.pick(crms.INDUSTRIES),
        "employees": dice.pick(crms.EMPLOYEES),
        "country": dice.pick(crms.COUNTRIES),
        "score": dice.pick(crms.SCORES),
        "pain": dice.pick(["", "NULL", "Forecasts are wrong", "unknown"]),
        "timeframe": dice.pick(crms.TIMEFRAMES),
        "disqualification_reason": dice.pick(crms.REASONS),
        "opportunity_id": dice.pick([*deals, "", "", "D-gone~", "nan", "\\N"]),
        "last_modified_date": dice.written(dice.after(created)) if dice.once_in(3) else "",
        **{name: dice.written(dice.after(created)) if dice.once_in(4) else "" for name in dates},
    }
    crm["leads"].append(row)
    crm["stage_events"] += walk


def _walk(dice: Dice, lead: str, created: datetime) -> list[RawRow]:
    rows: list[RawRow] = []
    moment = created
    for _ in range(dice.upto(4)):
        moment = dice.after(moment)
        stage = dice.pick(crms.ODD_STATUSES if dice.once_in(10) else crms.STATUSES)
        rows.append(
            _event(dice, dice.pick(["lead", "lead", "leads", "Lead "]), lead, stage, moment)
        )
    return rows


def _event(dice: Dice, kind: str, record: str, stage: str, moment: datetime) -> RawRow:
    kind = dice.pick(OBJECTS) if dice.once_in(30) else kind
    return {"object": kind, "id": record, "stage": stage, "entered_at": dice.creation(moment)}


def _add_deal(dice: Dice, crm: RawCrm, deal: str) -> None:
    created = dice.moment()
    moment, stage = created, "Prospecting"
    for _ in range(0 if dice.once_in(4) else dice.upto(5)):
        moment = dice.after(moment)
        stage = stage if dice.once_in(4) else dice.pick(STAGES)
        kind = dice.pick(["opportunity", "deal", "Opportunities", "deals"])
        crm["stage_events"].append(_event(dice, kind, deal, stage, moment))
    stage = dice.pick(STAGES) if dice.once_in(3) else stage
    closes = dice.after(dice.after(created))
    is_closed, is_won = "closed" in stage.lower(), "won" in stage.lower()
    row = {
        "opportunity_id": deal,
        "created_at": dice.creation(created),
        "stage": stage,
        "is_won": "" if dice.once_in(3) else dice.flag(is_won),
        "is_closed": "" if dice.once_in(3) else dice.flag(is_closed),
        "amount": dice.pick(crms.AMOUNTS),
        "currency": dice.pick(["", "", "USD", "usd ", "EUR"]),
        "closed_at": dice.written(dice.pick([None, closes, closes.date(), closes.date()])),
        "source": dice.pick(SOURCES),
        "owner": dice.pick(OWNERS),
        "next_step": dice.pick(["", "Send the proposal"]),
        "lost_reason": "",
        "company": dice.pick(COMPANIES),
    }
    crm["opportunities"].append(row)


def _activity(dice: Dice, n: int, people: list[str], deals: list[str]) -> RawRow:
    moment = dice.moment()
    due = dice.after(moment)
    return {
        # An activity may have the number of a lead.
        "activity_id": dice.pick(people) if dice.once_in(12) else f"T{n}~",
        "lead_id": dice.pick(people),
        "opportunity_id": dice.pick([*deals, "", ""]),
        "type": dice.pick(TYPES),
        "direction": dice.pick(["", "", "outbound", "inbound", "Inbound ", "Incoming"]),
        "completed_at": "" if dice.once_in(3) else dice.written(moment),
        "scheduled_at": dice.written(dice.pick([None, due, due.date()])),
        "owner": dice.pick(OWNERS),
    }


def _spend(dice: Dice) -> RawRow:
    """The campaigns are of the whole folder: their texts carry no name space."""
    is_of_source = dice.once_in(2)
    return {
        "source": dice.pick(SOURCES) if is_of_source else "",
        "campaign": dice.pick([*crms.CAMPAIGNS, "never heard of"]) if not is_of_source else "",
        "month": dice.pick(MONTHS),
        "amount": dice.pick(SPENT),
    }
