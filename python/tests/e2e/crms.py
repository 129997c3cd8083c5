"""Random Salesforce CRMs as Hypothesis makes them: small, and with everything that goes wrong.

A CRM is table -> rows as column -> text, with `~` where the name space of the CRM goes, so that
many can stand in one folder without an id, an e-mail or a campaign in common.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import strategies as st

from .dice import DICE, ROUND, Dice
from .raw_tables import RawCrm, RawRow

STATUSES = ["New", "Open - Not Contacted", "MQL", "Working", "Working - Contacted", "Accepted"]
STATUSES += ["Accepted", "SAL", "Closed - Converted", "Unqualified", "Unqualified", "Nurture"]
STATUSES += ["Working", "MQL", "Unqualified"]
ODD_STATUSES = [" accepted ", "QUALIFIED", "customer", "Some Status Of Ours", "Junk Lead", ""]
SOURCES = ["Paid Social", "Web", "Customer Referral", "webinar ", "Partner", "Cold Call", "Other"]
SOURCES += ["Our Own Channel", "", "", "unknown", "customer_referral"]
REASONS = ["", "Outside service area", "Too small", "No authority", "No pain", "Too early", "Other"]
REASONS += ["Competitor", "Not responsive", "bad lead ", "They never called back"]
TITLES = ["CEO", "VP, Sales", "Assistant to the Vice President", "Product Owner", "Head Cook", ""]
TITLES += ["CEO", "IT Manager", "Senior Coordinator", "Intern", "Vice-President", "Head  of\nSales"]
TITLES += ["Student", "vendor lead", "phd candidate", "IT Manager", "Partner", ""]
TITLES += ["Job seeker", "Competitor", "CEO", "VP, Sales"]
COUNTRIES = ["United  States", "usa", "GB", "Ireland ", "Nigeria", "Brazil", "Atlantis", "", ""]
COUNTRIES += ["UNITED-STATES", "the united kingdom", "n/a"]
INDUSTRIES = ["Software", "FINANCIAL_SERVICES", "Logistics", "Mining", "", "", "N/A", "unknown"]
EMPLOYEES = ["50", "5000", "49", "5001", "1,200", "300.0", "many", "", "", "0", "-5", "249.5"]
EMPLOYEES += ["999", "1000", "250"]
SCORES = ["", "", "0", "19.5", "20", "-3", "100", "99.99", "150", "eighty", "60", "40", "7,5", "81"]
TIMEFRAMES = [
    "0-3 months",
    "3\u20136 months",
    "9 Months",
    "6",
    "7",
    "6.5",
    "Next year",
    "soon maybe",
    "",
    "",
    "asap",
]
EMAILS = ["", "ann@~.example", "Ann@~.Example ", "~bob@mailinator.com", "test@~.example"]
EMAILS += ["no-mail-at-all", "bob@~.example", " BOB@~.example", "bob@~.example"]
COMPANIES = ["Acme", "Nordwind Ltd", "Globex", "Initech", "", "Acme", "Globex", "Test", "Hooli"]
COMPANIES += COMPANIES[:7]
CAMPAIGNS = ["Demo day", "Pricing page", "Ebook: growth", "Customer Referral", "Trial-signup", ""]
CAMPAIGN_TYPES = ["Webinar", "Email", "Advertisement", "", "Trade Show", "other"]
STAGES = ["Prospecting", "Discovery", "Proposal", "Negotiation", "Closed Won", "Closed Lost"]
STAGES += ["Verbal Yes", "Closed Won", "Discovery", "Closed Lost", "Handshake"]
AMOUNTS = ["1000", "$2,500.50", "0", "", "-10", "20000", "lots", "9000", "700.25"]
CURRENCIES = ["", "", "", "USD", "EUR", "GBP", "XXX"]
PAINS = ["", "", "Forecasts are wrong,\nand late", "-", "n/a"]
NOBODY = "000000000000000AAA"
DISPOSITIONS = ["", "", "", "Connected", "no answer", "Meeting booked", "Something else"]
SUBJECTS = ["Call", "Email", "Call", "Pardot: welcome", "[In] Re: offer", "Mass Email: news", ""]
ROLES = ["Decision Maker", "Economic buyer", "Influencer", "Business User", "", "Janitor"]
OWNERS = ["005A", "005B", "00GQ", "005-nobody", ""]

SYNCED = ["_fivetran_synced", "_airbyte_extracted_at", "_airbyte_emitted_at", "_sdc_batched_at"]
DELETED_BY_LOADER = [{"_fivetran_deleted": "true"}, {"_sdc_deleted_at": "2026-03-01 10:00:00"}]
DELETED_BY_LOADER += [{"_ab_cdc_deleted_at": "2026-03-01T10:00:00Z"}]


def copies(dice: Dice, rows: list[RawRow]) -> list[RawRow]:
    """Rows as they arrive: some twice, some without an id, some deleted, some an older version."""
    arrived = []
    for row in rows:
        if dice.once_in(30):
            arrived.append(row | {"id": ""})
        elif dice.once_in(20):
            later = dice.written(dice.moment()) if dice.once_in(2) else row["last_modified_date"]
            synced = {dice.pick(SYNCED): dice.written(dice.moment())}
            changed = {"owner_id": "005B", "role": "Influencer", "new_value": "Working"}
            copy = row | {column: cell for column, cell in changed.items() if column in row}
            arrived += [row, copy | {"last_modified_date": later, "_fivetran_synced": ""} | synced]
        elif dice.once_in(40):
            arrived.append(row | dice.pick(DELETED_BY_LOADER))
        elif dice.once_in(40):
            arrived.append(row | {"_fivetran_active": "false"})
        else:
            arrived.append(row)
    return arrived


def bookkeeping(dice: Dice, created: datetime) -> RawRow:
    """The columns that every table has."""
    return {
        "created_date": dice.creation(created),
        "last_modified_date": dice.written(dice.after(created)) if dice.once_in(2) else "",
        "is_deleted": dice.no(),
        "_fivetran_synced": dice.written(dice.moment()) if dice.once_in(4) else "",
    }


@st.composite
def crms(draw: st.DrawFn) -> RawCrm:
    """One CRM of a few leads with all that hangs on them."""
    return salesforce_crm(draw(DICE))


def salesforce_crm(dice: Dice) -> RawCrm:
    """The CRM that the dice say."""
    crm: RawCrm = {"lead": [], "lead_history": []}
    lead_ids = [f"L{n}~" for n in range(1 + dice.upto(11))]
    contacts = [f"C{n}~" for n in range(dice.upto(5))]
    deals = [f"D{n}~" for n in range(dice.upto(5))]
    campaigns = [f"M{n}~" for n in range(dice.upto(3))]
    for lead_id in lead_ids:
        _add_lead(dice, crm, lead_id, lead_ids, contacts, deals)
    crm["account"] = [_account(dice, f"A{n}~") for n in range(3)]
    crm["contact"] = [_contact(dice, contact, contacts) for contact in contacts]
    crm |= {"opportunity": [], "opportunity_history": [], "opportunity_field_history": []}
    for deal in deals:
        _add_deal(dice, crm, deal, campaigns)
    crm["opportunity_contact_role"] = [
        _role(dice, n, deals, contacts) for n in range(dice.upto(12) if deals else 0)
    ]
    crm["campaign"] = [_campaign(dice, campaign) for campaign in campaigns]
    crm["campaign_member"] = [
        _member(dice, n, campaigns, lead_ids, contacts) for n in range(dice.upto(8))
    ]
    busy = [dice.pick(lead_ids)] * 4
    people = [*busy, *lead_ids, *contacts, "", "L-gone~"]
    crm["task"] = [_task(dice, n, people, deals) for n in range(dice.upto(30))]
    crm["event"] = [_event(dice, n, people, deals) for n in range(dice.upto(4))]
    return {table: copies(dice, rows) for table, rows in crm.items()}


def _add_lead(
    dice: Dice, crm: RawCrm, lead_id: str, leads: list[str], contacts: list[str], deals: list[str]
) -> None:
    created = dice.moment()
    statuses = ["New", "MQL", "Working", "MQL", "Nurture"] if dice.once_in(3) else STATUSES
    history = _status_walk(dice, lead_id, created, statuses)
    last = history[-1]["new_value"] if history else dice.pick(statuses)
    status = dice.pick([*STATUSES, *ODD_STATUSES]) if dice.once_in(5) else last
    row = bookkeeping(dice, created) | {
        "id": lead_id,
        "status": status,
        "lead_source": dice.pick(SOURCES),
        "owner_id": dice.pick(OWNERS),
        "email": dice.pick(EMAILS) if dice.once_in(2) else f"{lead_id}@~.example",
        "last_name": dice.pick(["test", "asdf"]) if dice.once_in(20) else "Doe",
        "company": dice.pick(COMPANIES),
        "title": dice.pick(TITLES),
        **_firm(dice, "country"),
        "timeframe_c": dice.pick(TIMEFRAMES),
        "lead_score_c": dice.pick(SCORES),
        "pain_c": dice.pick(PAINS),
        "disqualification_reason_c": dice.pick(REASONS),
        "utm_source_c": dice.pick(["", "", "newsletter", "google"]),
        "utm_medium_c": dice.pick(["", "", "cpc", "Email", "carrier pigeon"]),
        "utm_campaign_c": dice.pick(["", "spring"]),
        "system_modstamp": dice.written(dice.moment()) if dice.once_in(6) else "",
    }
    if dice.once_in(12):
        row["master_record_id"] = dice.pick([*leads, "L-gone~", NOBODY])
    if dice.once_in(3):
        row |= _conversion(dice, created, contacts, deals)
    crm["lead"].append(row)
    crm["lead_history"] += history


def _status_walk(dice: Dice, lead_id: str, created: datetime, statuses: list[str]) -> list[RawRow]:
    """Status changes that skip, go back, repeat and tie; now and then other fields."""
    rows: list[RawRow] = []
    moment, old = created, "New"
    for step in range(dice.upto(5)):
        moment = dice.after(moment)
        new = dice.pick(ODD_STATUSES if dice.once_in(10) else statuses)
        field = dice.pick(["Owner", "leadConverted"]) if dice.once_in(8) else "Status"
        row = bookkeeping(dice, moment) | {"id": f"H{step}{lead_id}", "lead_id": lead_id}
        row |= {"field": field, "old_value": old, "new_value": new}
        if dice.once_in(40):
            row["lead_id"] = ""
        rows.append(row)
        old = new
    return rows


def _conversion(dice: Dice, created: datetime, contacts: list[str], deals: list[str]) -> RawRow:
    converted = ROUND + timedelta(days=14) if dice.once_in(8) else dice.after(created)
    dates = [dice.written(converted), dice.written(converted.date()), "", dice.written(converted)]
    return {
        "is_converted": "" if dice.once_in(5) else dice.flag(not dice.once_in(6)),
        "converted_date": dice.pick(dates),
        "converted_contact_id": dice.pick([*contacts, *contacts, "", NOBODY]),
        "converted_account_id": dice.pick(["A0~", "A0~", "A1~", ""]),
        "converted_opportunity_id": dice.pick([*deals, "", ""]),
    }


def _account(dice: Dice, account: str) -> RawRow:
    return bookkeeping(dice, dice.moment()) | {
        "id": account,
        **_firm(dice, "billing_country"),
    }


def _firm(dice: Dice, country: str) -> RawRow:
    """Half of them inside the target market, else the good hardly ever come together."""
    if dice.once_in(2):
        return {"industry": "Software", "number_of_employees": "200", country: "Canada"}
    return {
        "industry": dice.pick(INDUSTRIES),
        "number_of_employees": dice.pick(EMPLOYEES),
        country: dice.pick(COUNTRIES),
    }


def _contact(dice: Dice, contact: str, contacts: list[str]) -> RawRow:
    return bookkeeping(dice, dice.moment()) | {
        "id": contact,
        "master_record_id": dice.pick([*contacts, "C-gone~"]) if dice.once_in(4) else "",
        "account_id": dice.pick(["A0~", "A0~", "A1~", "A2~", "A-gone~", ""]),
        "title": dice.pick(TITLES),
    }


def _add_deal(dice: Dice, crm: RawCrm, deal: str, campaigns: list[str]) -> None:
    created = dice.moment()
    table = dice.pick(["opportunity_history", "opportunity_history", "opportunity_field_history"])
    history = _stage_walk(dice, deal, created, table)
    column = "stage_name" if table == "opportunity_history" else "new_value"
    last = history[-1][column] if history else dice.pick(STAGES)
    stage = dice.pick(STAGES) if dice.once_in(4) else last
    closes = dice.after(dice.after(created)).date()
    row = bookkeeping(dice, created) | {
        "id": deal,
        "account_id": dice.pick(["A0~", "A0~", "A1~", "A2~", ""]),
        "campaign_id": dice.pick([*campaigns, ""]),
        "lead_source": dice.pick(SOURCES),
        "close_date": dice.written(None if dice.once_in(6) else closes),
        "stage_name": stage,
        "amount": dice.pick(AMOUNTS),
        "next_step": dice.pick(["", "Send the proposal"]),
        "owner_id": dice.pick(OWNERS),
        "currency_iso_code": dice.pick(CURRENCIES),
    }
    is_closed, is_won = "closed" in stage.lower(), stage == "Closed Won"
    if dice.once_in(8):
        is_closed, is_won = dice.pick([(True, False), (True, True), (False, False)])
    if not dice.once_in(6):
        row["is_closed"] = dice.flag(is_closed)
    if not dice.once_in(6):
        row["is_won"] = dice.flag(is_won)
    crm["opportunity"].append(row)
    crm[table] += history


def _stage_walk(dice: Dice, deal: str, created: datetime, table: str) -> list[RawRow]:
    """Stage changes that skip, go back, repeat (only the amount changed), tie and reopen."""
    rows: list[RawRow] = []
    moment, stage = created, "Prospecting"
    for step in range(dice.upto(5)):
        moment = dice.after(moment)
        stage = stage if dice.once_in(4) else dice.pick(STAGES)
        row = bookkeeping(dice, moment) | {"id": f"S{step}{deal}", "opportunity_id": deal}
        if table == "opportunity_history":
            row |= {"stage_name": stage, "amount": dice.pick(AMOUNTS)}
        else:
            row |= {"field": "StageName", "new_value": stage}
        if dice.once_in(40):
            row["opportunity_id"] = ""
        rows.append(row)
    return rows


def _role(dice: Dice, n: int, deals: list[str], contacts: list[str]) -> RawRow:
    return bookkeeping(dice, dice.moment()) | {
        "id": f"R{n}~",
        "opportunity_id": dice.pick(deals),
        "contact_id": dice.pick([*contacts, *contacts, "C-gone~", ""]),
        "role": dice.pick(ROLES),
    }


def _campaign(dice: Dice, campaign: str) -> RawRow:
    starts = dice.moment().date()
    return bookkeeping(dice, dice.moment()) | {
        "id": campaign,
        "name": dice.pick(CAMPAIGNS),
        "type": dice.pick(CAMPAIGN_TYPES),
        "start_date": dice.written(None if dice.once_in(4) else starts),
        "actual_cost": dice.pick(["0", "", "900", "$1,200.50", "100"]),
        "currency_iso_code": dice.pick(CURRENCIES),
    }


def _member(
    dice: Dice, n: int, campaigns: list[str], leads: list[str], contacts: list[str]
) -> RawRow:
    created = dice.moment()
    responded = dice.after(created)
    dates = ["", dice.written(responded), dice.written(responded.date())]
    return bookkeeping(dice, created) | {
        "id": f"B{n}~",
        "campaign_id": dice.pick([*campaigns, *campaigns, "M-gone~"]),
        "lead_id": dice.pick([*leads, *leads, "", "L-gone~"]),
        "contact_id": dice.pick([*contacts, "", ""]),
        "has_responded": dice.pick(["true", "false", "1", ""]),
        "first_responded_date": dice.pick(dates),
    }


def _task(dice: Dice, n: int, people: list[str], deals: list[str]) -> RawRow:
    created = dice.moment()
    due = None if dice.once_in(3) else dice.after(created).date()
    completed = dice.written(dice.after(created)) if dice.once_in(2) else ""
    return bookkeeping(dice, created) | {
        "id": f"T{n}~",
        "who_id": dice.pick(people),
        "what_id": dice.pick([*deals, "", ""]),
        "subject": dice.pick(SUBJECTS),
        "status": dice.pick(["Completed", "Not Started", "closed", ""]),
        "is_closed": dice.pick(["true", "TRUE", "false", "", "1"]),
        "type": "List Email" if dice.once_in(8) else dice.pick(["Call", "Email", ""]),
        "task_subtype": "ListEmail" if dice.once_in(8) else dice.pick(["Task", "Call", ""]),
        "call_type": "inbound " if dice.once_in(6) else dice.pick(["", "Outbound", "Internal"]),
        "call_disposition": dice.pick(DISPOSITIONS),
        "activity_date": dice.written(due),
        "completed_date_time": completed,
    }


def _event(dice: Dice, n: int, people: list[str], deals: list[str]) -> RawRow:
    created = dice.moment()
    starts = ROUND if dice.once_in(8) else dice.after(dice.after(created))
    row = bookkeeping(dice, created) | {"id": f"E{n}~", "who_id": dice.pick(people)}
    row |= {"what_id": dice.pick([*deals, ""]), "subject": "Meeting"}
    column = dice.pick(["start_date_time", "start_date_time", "activity_date_time", "none"])
    if column != "none":
        row[column] = dice.written(starts)
    return row | {"activity_date": dice.written(starts.date()) if dice.once_in(2) else ""}
