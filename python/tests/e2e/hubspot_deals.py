"""Random deals and activities of a HubSpot CRM, and the tables that are of the whole portal."""

from __future__ import annotations

from datetime import datetime

from . import crms
from .dice import ROUND, Dice
from .raw_tables import RawCrm, RawRow

# Pipeline, stage id, label, order, closed, probability. Two pipelines share labels and an id.
STAGES = [
    ("default", "appointmentscheduled", "Discovery", "0", "false", "0.2"),
    ("default", "presentationscheduled", "Proposal", "1", "false", "0.4"),
    ("default", "10013", "Negotiation", "2", "false", "0.8"),
    ("default", "closedwon", "Closed Won", "3", "true", "1.0"),
    ("default", "closedlost", "Closed Lost", "4", "true", "0.0"),
    ("default", "shared", "Verbal Yes", "5", "false", "0.9"),
    ("partner", "20001", "Discovery", "0", "false", "0.1"),
    ("partner", "20002", "Proposal", "1", "false", ""),
    ("partner", "20003", "Closed Won", "2", "true", "1"),
    ("partner", "20004", "Lost to nobody", "3", "TRUE", "0"),
    ("partner", "20006", "", "4", "true", ""),
    ("partner", "shared", "Handshake", "5", "true", "1.0"),
]
DELETED_STAGE = ("partner", "20005", "Old stage", "9", "false", "0.3")
STAGE_IDS = [stage for _, stage, *_ in [*STAGES, DELETED_STAGE]]
STAGE_IDS += ["closedwon", "closedlost", "20003", "appointmentscheduled", "contractsent", "gone"]
PIPELINES = ["default", "default", "partner", "partner", "nowhere", ""]
ENTERED = ["hs_v2_date_entered_{}", "hs_date_entered_{}"]
MACHINES = ["", "", "", "", "CRM_UI", "CRM_UI", "AUTOMATION_PLATFORM", "Workflow ", "EMAIL"]
DISPOSITIONS = ["", "", "f240bbac-87c9-4f6e-bf70-924b57d47db7", "Connected", "no answer", "odd"]
CALL_STATUSES = ["COMPLETED", "COMPLETED", "", "NO_ANSWER", "QUEUED", "completed"]
EMAIL_STATUSES = ["SENT", "SENT", "", "BOUNCED", "SCHEDULED"]
EMAIL_DIRECTIONS = ["EMAIL", "EMAIL", "INCOMING_EMAIL", "FORWARDED_EMAIL", ""]
TASK_STATUSES = ["COMPLETED", "COMPLETED", "NOT_STARTED", "WAITING", "DEFERRED", ""]
OUTCOMES = ["COMPLETED", "COMPLETED", "SCHEDULED", "CANCELED", "NO_SHOW", "RESCHEDULED", "", "odd"]


def reference_tables() -> RawCrm:
    """Tables that are of the whole portal: owners, pipelines and their stages."""
    stages = [_stage(*stage) for stage in STAGES]
    stages.append(_stage(*DELETED_STAGE) | {"_fivetran_deleted": "true"})
    return {
        "owner": [{"owner_id": "440A"}, {"owner_id": "440B", "archived": "true"}],
        "deal_pipeline": [
            {"pipeline_id": "default", "label": "Sales"},
            {"pipeline_id": "partner", "label": "Partners"},
        ],
        "deal_pipeline_stage": stages,
    }


def _stage(
    pipeline: str, stage: str, label: str, order: str, is_closed: str, probability: str
) -> RawRow:
    row = {"pipeline_id": pipeline, "stage_id": stage, "label": label, "display_order": order}
    return row | {"is_closed": is_closed, "probability": probability}


def add_deals(dice: Dice, crm: RawCrm, deals: list[str], contacts: list[str]) -> None:
    """Deals with their history, contacts and companies; some merged into others."""
    crm |= {"deal": [], "deal_stage": [], "deal_property_history": [], "deal_contact": []}
    crm |= {"deal_company": [], "merged_deal": []}
    for deal in deals:
        created = dice.moment()
        history = _stage_walk(dice, deal, created)
        table = dice.pick(["deal_stage", "deal_stage", "deal_property_history", "none", "both"])
        if table in ("deal_stage", "both"):
            crm["deal_stage"] += [_stage_row(dice, row) for row in history]
        if table in ("deal_property_history", "both"):
            crm["deal_property_history"] += history
        crm["deal"].append(_deal(dice, deal, created, history if table != "none" else []))
        for contact in {dice.pick(contacts) for _ in range(dice.upto(4))}:
            row = {"deal_id": deal, "contact_id": contact, "type_id": dice.pick(["3", "3", "12"])}
            row["label"] = dice.pick(["", "", "", *crms.ROLES])
            crm["deal_contact"] += [row, row | {"type_id": "4"}] if dice.once_in(6) else [row]
        for company in sorted({f"70{dice.upto(2)}~" for _ in range(dice.upto(3))}):
            row = {"deal_id": deal, "company_id": company, "type_id": dice.pick(["5", "341"])}
            crm["deal_company"].append(row | {"label": dice.pick(["", "", "Primary", "Billing"])})
        if dice.once_in(8):
            gone = dice.pick([*deals, "909~"])
            crm["merged_deal"].append({"deal_id": deal, "merged_deal_id": gone})


def _stage_walk(dice: Dice, deal: str, created: datetime) -> list[RawRow]:
    """Stages that skip, go back, repeat, tie and reopen, over the pipelines' borders too."""
    rows: list[RawRow] = []
    moment, value = created, "appointmentscheduled"
    for _ in range(dice.upto(5)):
        moment = dice.after(moment)
        value = value if dice.once_in(5) else dice.pick(STAGE_IDS)
        row = {"deal_id": deal, "name": "dealstage", "value": value}
        rows.append(row | {"timestamp": dice.creation(moment), "source": "CRM_UI"})
        if dice.once_in(10):
            rows.append(dict(rows[-1]) if dice.once_in(2) else rows[-1] | {"name": "amount"})
    return rows


def _stage_row(dice: Dice, row: RawRow) -> RawRow:
    is_active = dice.once_in(3)
    entered = {"date_entered": row["timestamp"], "_fivetran_start": row["timestamp"]}
    if dice.once_in(8):
        entered["date_entered"] = ""
    return {
        "deal_id": row["deal_id"],
        "value": row["value"],
        **entered,
        "_fivetran_end": "2050-01-01 00:00:00",
        "_fivetran_active": str(is_active).lower(),
    }


def _deal(dice: Dice, deal: str, created: datetime, history: list[RawRow]) -> RawRow:
    stage = history[-1]["value"] if history else dice.pick(STAGE_IDS)
    closes = dice.after(dice.after(created))
    row = {
        "deal_id": deal,
        "property_createdate": dice.creation(created),
        "property_hs_lastmodifieddate": dice.written(dice.after(created))
        if dice.once_in(2)
        else "",
        "deal_pipeline_id": dice.pick(PIPELINES),
        "deal_pipeline_stage_id": dice.pick([*STAGE_IDS, ""]) if dice.once_in(4) else stage,
        "property_closedate": dice.written(dice.pick([None, closes, closes, closes.date()])),
        "property_amount": dice.pick(crms.AMOUNTS),
        "property_amount_in_home_currency": dice.pick(["", "", "500", "0"]),
        "property_deal_currency_code": dice.pick(crms.CURRENCIES),
        "property_hs_next_step": dice.pick(["", "Send the proposal"]),
        "property_lead_source": dice.pick([*crms.SOURCES, "", ""]),
        "property_hs_analytics_source": dice.pick(["", "OFFLINE", "PAID_SEARCH"]),
        "owner_id": dice.pick(["440A", "440B", "", "440-nobody"]),
        "property_hs_is_closed": dice.pick(["", "true", "false"]),
        "property_hs_is_closed_won": dice.pick(["", "true", "false"]),
    }
    if dice.once_in(12):
        row["property_hs_merged_object_ids"] = "908~;901~"
    if dice.once_in(8):
        row["property_hs_primary_associated_company"] = "702~"
    for stage_id in ("appointmentscheduled", "closedwon", "20002", "shared"):
        for name in ENTERED:
            if dice.once_in(8):
                row[f"property_{name.format(stage_id)}"] = dice.written(dice.after(created))
    return row


def add_engagements(dice: Dice, crm: RawCrm, people: list[str], deals: list[str]) -> None:
    """Calls, e-mails, tasks and meetings with any number of contacts and deals."""
    crm |= {"engagement": [], "engagement_contact": [], "engagement_deal": []}
    for n in range(dice.upto(30)):
        key, kind = f"19{n}~", dice.pick(["call", "email", "task", "meeting"])
        crm["engagement"].append({"id": key, "type": kind.upper()})
        crm.setdefault(f"engagement_{kind}", []).append(_engagement(dice, key, kind))
        for contact in sorted({dice.pick(people) for _ in range(dice.pick([0, 1, 1, 1, 2, 3]))}):
            row = {"engagement_id": key, "contact_id": contact}
            crm["engagement_contact"].append(row | {"engagement_type": kind.upper()})
        for deal in sorted(
            {dice.pick(deals) for _ in range(dice.pick([0, 0, 1, 2]))} if deals else ()
        ):
            crm["engagement_deal"].append({"engagement_id": key, "deal_id": deal})


def _engagement(dice: Dice, key: str, kind: str) -> RawRow:
    created = dice.moment()
    moment = ROUND if dice.once_in(8) else dice.after(created)
    row = {
        "engagement_id": key,
        "property_hs_createdate": dice.creation(created),
        "property_hs_timestamp": dice.written(moment),
        "property_hubspot_owner_id": dice.pick(["440A", ""]),
        "property_hs_engagement_source": dice.pick(MACHINES),
    }
    if dice.once_in(6):
        row |= {
            "property_hs_engagement_source": "",
            "property_hs_object_source": dice.pick(MACHINES),
        }
    return row | _properties(dice, kind, moment)


def _properties(dice: Dice, kind: str, moment: datetime) -> RawRow:
    if kind == "call":
        return {
            "property_hs_call_status": dice.pick(CALL_STATUSES),
            "property_hs_call_direction": dice.pick(["OUTBOUND", "INBOUND", "", "inbound"]),
            "property_hs_call_disposition": dice.pick(DISPOSITIONS),
            "property_hs_call_title": dice.pick(crms.SUBJECTS),
        }
    if kind == "email":
        return {
            "property_hs_email_status": dice.pick(EMAIL_STATUSES),
            "property_hs_email_direction": dice.pick(EMAIL_DIRECTIONS),
            "property_hs_email_subject": dice.pick(crms.SUBJECTS),
        }
    if kind == "task":
        completed = dice.after(moment) if dice.once_in(2) else None
        return {
            "property_hs_task_status": dice.pick(TASK_STATUSES),
            "property_hs_task_completion_date": dice.written(completed),
            "property_hs_task_subject": dice.pick(crms.SUBJECTS),
        }
    return {
        "property_hs_meeting_outcome": dice.pick(OUTCOMES),
        "property_hs_meeting_start_time": dice.written(moment) if not dice.once_in(6) else "",
    }
