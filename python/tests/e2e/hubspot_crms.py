"""Random HubSpot CRMs in Fivetran's names: small, and with everything that goes wrong.

As in `crms`, a CRM is table -> rows as column -> text, with `~` where its name space goes.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import strategies as st

from . import crms
from .dice import DICE, START, Dice
from .hubspot_deals import add_deals, add_engagements
from .raw_tables import RawCrm, RawRow

# Many contacts of many CRMs get one value in this second.
BULK_AT = datetime(2026, 4, 1, 10)
LIFECYCLE = ["subscriber", "lead", "lead", "marketingqualifiedlead", "marketingqualifiedlead"]
LIFECYCLE += ["salesqualifiedlead", "salesqualifiedlead", "opportunity", "customer", "evangelist"]
LIFECYCLE += ["other", "4711", ""]
LEAD_STATUSES = ["NEW", "OPEN", "IN_PROGRESS", "OPEN_DEAL", "UNQUALIFIED", "UNQUALIFIED"]
LEAD_STATUSES += ["ATTEMPTED_TO_CONTACT", "CONNECTED", "BAD_TIMING", "Nurturing", "Our own", ""]
LEAD_STAGES = ["new-stage-id", "attempting-stage-id", "connected-stage-id", "qualified-stage-id"]
LEAD_STAGES += ["unqualified-stage-id", "unqualified-stage-id-1234", "Unqualified_stage_id_9", ""]
LEAD_STAGES += ["disqualified", "4712"]
FIELDS = {"lifecyclestage": LIFECYCLE, "hs_lead_status": LEAD_STATUSES}
ANALYTICS = ["ORGANIC_SEARCH", "PAID_SEARCH", "PAID_SOCIAL", "SOCIAL_MEDIA", "EMAIL_MARKETING"]
ANALYTICS += ["REFERRALS", "DIRECT_TRAFFIC", "OTHER_CAMPAIGNS", "OFFLINE", "", "AI_REFERRALS"]
# The three generations of date properties, the newest first.
GENERATIONS = ["hs_v2_date_entered_{}", "hs_date_entered_{}", "hs_lifecyclestage_{}_date"]
DATED = ["lead", "marketingqualifiedlead", "salesqualifiedlead", "opportunity", "customer"]
CHANGED_BY = ["CRM_UI", "AUTOMATION_PLATFORM", "IMPORT", "BATCH_UPDATE", "bulk edit", "", "FORMS"]
OWNERS = ["440A", "440B", "440-nobody", ""]
FORMS = ["Demo request", "Ebook: growth", "Pricing page", ""]
DELETED = ["_fivetran_deleted", "is_deleted", "archived"]
KEYS = {"contact": "id", "company": "id", "deal": "deal_id", "lead": "id", "form": "guid"}
KEYS |= {"contact_property_history": "contact_id", "deal_stage": "deal_id"}
KEYS |= {"contact_form_submission": "contact_id", "lead_property_history": "lead_id"}
KEYS |= {"deal_property_history": "deal_id", "deal_contact": "contact_id"}
KEYS |= {"engagement_call": "engagement_id", "engagement_contact": "contact_id"}


@st.composite
def hubspot_crms(draw: st.DrawFn) -> RawCrm:
    """One portal of a few contacts with all that hangs on them."""
    return hubspot_crm(draw(DICE))


def hubspot_crm(dice: Dice) -> RawCrm:
    """The portal that the dice say."""
    contacts = [f"{n + 1}~" for n in range(1 + dice.upto(11))]
    deals = [f"90{n}~" for n in range(dice.upto(5))]
    crm: RawCrm = {"contact": [], "contact_property_history": [], "contact_merge_audit": []}
    for contact in contacts:
        _add_contact(dice, crm, contact, contacts)
    crm["company"] = [_company(dice, f"70{n}~") for n in range(3)]
    crm["form"] = [{"guid": f"F{n}~", "name": name} for n, name in enumerate(FORMS)]
    crm["contact_form_submission"] = [_submission(dice, contacts) for _ in range(dice.upto(6))]
    for n in range(dice.upto(4)):
        _add_lead_object(dice, crm, f"60{n}~", contacts)
    people = [*contacts, *contacts, "99~"]
    add_deals(dice, crm, deals, people)
    busy = [dice.pick(contacts)] * 4
    add_engagements(dice, crm, [*busy, *people], deals)
    return {table: copies(dice, table, rows) for table, rows in crm.items()}


def copies(dice: Dice, table: str, rows: list[RawRow]) -> list[RawRow]:
    """Rows as they arrive: some twice, some without an id, some deleted, some an older version."""
    arrived = []
    for row in rows:
        if dice.once_in(30) and table in KEYS:
            arrived.append(row | {KEYS[table]: ""})
        elif dice.once_in(20):
            later = {"property_lastmodifieddate": dice.written(dice.moment())}
            later |= {"_fivetran_synced": dice.written(dice.moment())}
            changed = {"property_hubspot_owner_id": "440B", "owner_id": "440B"}
            copy = row | {column: cell for column, cell in changed.items() if column in row}
            arrived += [row, copy | (later if dice.once_in(2) else {})]
        elif dice.once_in(25):
            arrived.append(row | {dice.pick(DELETED): dice.pick(["true", "TRUE"])})
        elif dice.once_in(40):
            arrived.append(row | {"_fivetran_active": "false"})
        else:
            arrived.append(row)
    return arrived


def _add_contact(dice: Dice, crm: RawCrm, contact: str, contacts: list[str]) -> None:
    # Some were there before the first history row of the portal.
    is_early = dice.once_in(25)
    created = START - timedelta(days=30) if is_early else dice.moment()
    current = {}
    for field, values in FIELDS.items():
        walk = [] if is_early else _walk(dice, contact, field, values, created)
        current[field] = walk[-1]["value"] if walk else dice.pick(values)
        if dice.once_in(6):
            current[field] = dice.pick(values)
        crm["contact_property_history"] += _marked(dice, walk)
    if dice.once_in(8):  # no lead, but among those who are touched and sit on deals
        current = {"lifecyclestage": dice.pick(["other", "evangelist"]), "hs_lead_status": ""}
    if dice.once_in(3):
        crm["contact_property_history"].append(_other_change(dice, contact))
    row = {
        "id": contact,
        "property_createdate": dice.creation(created),
        "property_lastmodifieddate": dice.written(dice.after(created)) if dice.once_in(2) else "",
        **{f"property_{field}": value for field, value in current.items()},
        **_person(dice, contact),
        **_stage_dates(dice, created),
    }
    if dice.once_in(5):
        _add_merge(dice, crm, row, contacts)
    crm["contact"].append(row)


def _marked(dice: Dice, walk: list[RawRow]) -> list[RawRow]:
    """Half of the histories as Fivetran marks them: the last change alone is active."""
    if dice.once_in(2):
        return walk
    return [row | {"_fivetran_active": str(row is walk[-1]).lower()} for row in walk]


def _person(dice: Dice, contact: str) -> RawRow:
    return {
        "property_email": dice.pick(crms.EMAILS) if dice.once_in(2) else f"c{contact}@~.example",
        "property_firstname": dice.pick(["test", "Ann", "", "Bob"]) if dice.once_in(6) else "Ann",
        "property_lastname": dice.pick(["test", "asdf"]) if dice.once_in(20) else "Doe",
        "property_company": dice.pick(crms.COMPANIES),
        "property_jobtitle": dice.pick(crms.TITLES),
        "property_industry": dice.pick(crms.INDUSTRIES),
        "property_numemployees": dice.pick(crms.EMPLOYEES),
        "property_country": dice.pick(crms.COUNTRIES),
        "property_associatedcompanyid": dice.pick(["700~", "700~", "701~", "79~", ""]),
        "property_lead_source": dice.pick([*crms.SOURCES, *[""] * 12, "Select"]),
        "property_hs_analytics_source": dice.pick(ANALYTICS),
        "property_hubspot_owner_id": dice.pick(OWNERS),
        "property_hubspotscore": dice.pick(crms.SCORES),
        "property_timeframe": dice.pick(crms.TIMEFRAMES),
        "property_pain": dice.pick(["", "", "Forecasts are wrong,\nand late"]),
        "property_disqualification_reason": dice.pick(crms.REASONS),
        "property_utm_source": dice.pick(["", "", "newsletter", "google"]),
        "property_utm_medium": dice.pick(["", "", "cpc", "Email", "carrier pigeon"]),
        "property_utm_campaign": dice.pick(["", "spring"]),
    }


def _walk(
    dice: Dice, contact: str, field: str, values: list[str], created: datetime
) -> list[RawRow]:
    """Changes of one property that skip, go back, repeat and tie; some twice, some in bulk."""
    if dice.once_in(4):
        return []
    rows: list[RawRow] = []
    moment = created
    for _ in range(dice.upto(4)):
        moment = dice.after(moment)
        rows.append(_change(dice, contact, field, dice.pick(values), moment))
        if dice.once_in(12):
            rows.append(dict(rows[-1]))
    if field == "lifecyclestage" and dice.once_in(4):
        rows.append(_change(dice, contact, field, "marketingqualifiedlead", BULK_AT))
    return rows


def _change(dice: Dice, contact: str, name: str, value: str, moment: datetime) -> RawRow:
    return {
        "contact_id": contact,
        "name": name,
        "value": value,
        "timestamp": dice.creation(moment),
        "source": dice.pick(CHANGED_BY) if dice.once_in(3) else "CRM_UI",
        "source_id": "",
    }


def _other_change(dice: Dice, contact: str) -> RawRow:
    return _change(dice, contact, dice.pick(["jobtitle", "hs_lead_statuses"]), "x", dice.moment())


def _stage_dates(dice: Dice, created: datetime) -> RawRow:
    """Date properties of some stages, in one to three generations that need not agree."""
    row: RawRow = {}
    for stage in DATED if dice.once_in(3) else ():
        for name in GENERATIONS:
            if dice.once_in(8):
                row[f"property_{name.format(stage)}"] = dice.written(dice.after(created))
    return row


def _add_merge(dice: Dice, crm: RawCrm, survivor: RawRow, contacts: list[str]) -> None:
    """One of three places says that others were merged into it, whatever they are themselves."""
    gone = [dice.pick([*contacts, "98~", "97~"]) for _ in range(1 + dice.upto(1))]
    place = dice.pick(["ids", "vids", "audit", "both"])
    if place in ("ids", "both"):
        survivor["property_hs_merged_object_ids"] = dice.pick([";", "; "]).join(gone)
    if place in ("vids", "both"):
        entries = [f"{contact}:{1_770_000_000_000 + n}" for n, contact in enumerate(gone)]
        survivor["property_hs_calculated_merged_vids"] = ";".join(entries)
    if place == "audit":
        crm["contact_merge_audit"] += [
            {"canonical_vid": survivor["id"], "vid_to_merge": contact, "timestamp": ""}
            for contact in gone
        ]


def _company(dice: Dice, company: str) -> RawRow:
    return {
        "id": company,
        "property_name": dice.pick(crms.COMPANIES),
        "property_industry": dice.pick(crms.INDUSTRIES),
        "property_numberofemployees": dice.pick(crms.EMPLOYEES),
        "property_country": dice.pick(crms.COUNTRIES),
    }


def _submission(dice: Dice, contacts: list[str]) -> RawRow:
    return {
        "contact_id": dice.pick([*contacts, *contacts, "98~", "99~"]),
        "form_id": dice.pick(["F0~", "F1~", "F2~", "F3~", "F-gone~", ""]),
        "conversion_id": dice.pick(["", "", "v1", "v2"]),
        "timestamp": dice.creation(dice.moment()),
        "title": dice.pick(["Trial page", "", "Contact sales | Acme"]),
    }


def _add_lead_object(dice: Dice, crm: RawCrm, lead: str, contacts: list[str]) -> None:
    """A Lead object of a contact, of several, or of none, with stages of its own."""
    created = dice.moment()
    contact = dice.pick([*contacts, *contacts, "99~", ""])
    walk = []
    moment = created
    for _ in range(dice.upto(3)):
        moment = dice.after(moment)
        walk.append(_lead_change(dice, lead, dice.pick(LEAD_STAGES), moment))
    last = walk[-1]["value"] if walk else dice.pick(LEAD_STAGES)
    row = {
        "id": lead,
        "property_hs_createdate": dice.creation(created),
        "property_hs_lastmodifieddate": dice.written(dice.after(created)),
        "property_hs_pipeline_stage": dice.pick(LEAD_STAGES) if dice.once_in(5) else last,
        "property_hs_lead_disqualification_reason": dice.pick(crms.REASONS),
        "property_hs_primary_contact_id": contact if dice.once_in(2) else "",
    }
    crm.setdefault("lead", []).append(row)
    crm.setdefault("lead_property_history", []).extend(walk)
    if contact and not dice.once_in(4):
        link = {"lead_id": lead, "contact_id": contact}
        crm.setdefault("lead_contact", []).append(link)


def _lead_change(dice: Dice, lead: str, value: str, moment: datetime) -> RawRow:
    name = "hs_lead_name" if dice.once_in(8) else "hs_pipeline_stage"
    row = {"lead_id": lead, "name": name, "value": value, "timestamp": dice.creation(moment)}
    return row | {"source": dice.pick(CHANGED_BY)}
