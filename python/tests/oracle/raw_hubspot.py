"""HubSpot: row rules of its own, merges, and the people that its contacts are."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from datetime import datetime

from .raw import Crm
from .raw_hubspot_activities import meetings, responses, tasks, typed_responses
from .raw_hubspot_deals import (
    deal_changes,
    deal_contacts,
    deal_merges,
    deal_steps,
    deals,
    largest_id,
    stages,
    told,
)
from .raw_hubspot_tables import TABLES
from .records import Change, Company, CrmRecords, LeadRecord, Owner, Row, Status, chain_ends
from .settings import Settings
from .values import bare, items, key, picked

STATUSES = ("lifecyclestage", "hs_lead_status")
# Columns that the neutral records call by the same name.
PLAIN = ["email", "company", "industry", "country", "pain", "timeframe"]
PLAIN += ["utm_source", "utm_medium", "utm_campaign"]
COPIES = ("older_version", "duplicate_copy")
Contacts = dict[str, str]  # id of a merged-away contact -> id of the contact it is now


class HubSpot:
    """The layout of HubSpot objects."""

    name = "hubspot"
    tables = TABLES
    signs = ("contact", "contacts")

    def merged(self, crm: Crm) -> set[tuple[str, str]]:
        """Contacts and deals that another record, or an audit, says went into another."""
        gone = {("contact", contact) for contact in _contact_steps(crm)}
        return gone | {("deal", deal) for deal in deal_steps(crm)}

    def deleted(self, crm: Crm) -> set[tuple[str, str]]:
        """Deals that were archived, where the loader keeps them apart."""
        return {("deal", row["deal_id"]) for row in crm.rows["deal_archived"] if row["deal_id"]}

    def is_snapshot(self, crm: Crm, table: str) -> bool:
        """There are no snapshots of HubSpot."""
        return False

    def fault(self, crm: Crm, table: str, row: Row) -> str | None:
        """None beyond the rules of every table."""
        return None

    def left_out(self, crm: Crm, table: str, row: Row) -> tuple[str, str] | None:
        """Contacts that are no leads, and Lead objects without a contact."""
        if table == "contact":
            is_other = key(row["lifecyclestage"]) in ("other", "evangelist")
            if is_other and row["hs_lead_status"] is None:
                return "excluded", "not_a_lead"
        if table == "lead" and _contact_of_lead(crm, row) is None:
            return "quarantined", "no contact"
        return None

    def read(self, crm: Crm, settings: Settings) -> CrmRecords:
        """The neutral records of one HubSpot."""
        contacts = _contact_merges(crm)
        history = crm.used("contact_property_history")
        objects = _lead_objects(crm, contacts)
        return CrmRecords(
            crm.name,
            leads=[_lead(row, objects[row["id"]]) for row in crm.used("contact")],
            lead_merges=contacts,
            changes=_changes(crm, contacts),
            first_history_at=min((row["timestamp"] for row in history), default=None),
            companies={row["id"]: _company(row) for row in crm.used("company")},
            titles={row["id"]: row["jobtitle"] for row in _present_contacts(crm)},
            company_of={
                row["id"]: row["associatedcompanyid"]
                for row in _present_contacts(crm)
                if row["associatedcompanyid"]
            },
            tasks=tasks(crm, contacts, settings),
            meetings=meetings(crm, contacts),
            responses=responses(crm, contacts) + typed_responses(crm, contacts),
            deals=deals(crm, settings),
            deal_merges=deal_merges(crm),
            deal_changes=deal_changes(crm),
            stages=stages(crm).by_key,
            deal_contacts=deal_contacts(crm, contacts),
            owners=[Owner(row["owner_id"], "user") for row in crm.used("owner")],
        )


def _contact_steps(crm: Crm) -> dict[str, str]:
    """Merged-away contact -> the contact it went into; of several the largest id."""
    into: dict[str, set[str]] = defaultdict(set)
    for row in crm.rows["contact"]:
        if row["id"] and row["row_reason"] not in COPIES:
            gone = items(row["hs_merged_object_ids"])
            gone += [item.partition(":")[0] for item in items(row["hs_calculated_merged_vids"])]
            for one in gone:
                into[f"{crm.name}:{one}"].add(row["id"])
    survivors = {row["_dlt_id"]: row["id"] for row in crm.rows["contact"] if row["_dlt_id"]}
    for row in told(crm, "contact_merged_id"):
        if row["_dlt_parent_id"] in survivors:
            into[f"{crm.name}:{row['value']}"].add(survivors[row["_dlt_parent_id"]])
    for row in told(crm, "contact_merge_audit"):
        into[row["vid_to_merge"]].add(row["canonical_vid"])
    steps = {gone: kept - {gone} for gone, kept in into.items()}
    return {gone: max(kept, key=largest_id) for gone, kept in steps.items() if kept}


def _contact_merges(crm: Crm) -> Contacts:
    """Merged-away contact -> the contact at the end of its chain, where that is still there."""
    present = {row["id"] for row in _present_contacts(crm)}
    ends = chain_ends(_contact_steps(crm))
    return {gone: end for gone, end in ends.items() if end in present}


def _present_contacts(crm: Crm) -> list[Row]:
    """Contacts that count, as leads or at least on deals."""
    return [
        row
        for row in crm.rows["contact"]
        if row["row_status"] == "used" or row["row_reason"] == "not_a_lead"
    ]


def _contact_of_lead(crm: Crm, row: Row) -> str | None:
    """The contact that a Lead object is about."""
    found = [one["contact_id"] for one in crm.used("lead_contact") if one["lead_id"] == row["id"]]
    found += [f"{crm.name}:{item}" for item in items(row["contacts"])]
    contact: str | None = min(found, default=row["hs_primary_contact_id"])
    return contact


def _modified(row: Row) -> datetime | None:
    moment: datetime | None = row["last_modified_date"] or row["createdate"]
    return moment


def _status(name: str, value: str | None, row: Row) -> Status:
    return Status(name, value, _modified(row), row["last_modified_date"] is not None)


def _lead_objects(crm: Crm, contacts: Contacts) -> dict[str, list[Row]]:
    """Contact -> its Lead objects, the one modified last at the end."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in crm.used("lead"):
        contact = _contact_of_lead(crm, row) or ""
        found[contacts.get(contact, contact)].append(row)
    for rows in found.values():
        rows.sort(key=lambda row: (_modified(row) or datetime.min, row["id"]))
    return found


def _lead(row: Row, objects: list[Row]) -> LeadRecord:
    reasons = [one["hs_lead_disqualification_reason"] for one in objects]
    stated = [reason for reason in reasons if reason]
    statuses = [_status(name, row[name], row) for name in STATUSES]
    statuses += [_status(one["id"], stage_word(one["hs_pipeline_stage"]), one) for one in objects]
    return LeadRecord(
        row=row,
        crm=row["crm"],
        layout="hubspot",
        id=row["id"],
        created_at=row["createdate"],
        lead_source=row["lead_source"] or row["hs_analytics_source"],
        owner_id=row["hubspot_owner_id"],
        first_name=row["firstname"],
        last_name=row["lastname"],
        title=row["jobtitle"],
        employees=row["numemployees"],
        score=row["hubspotscore"],
        contact_id=row["id"],
        company_id=row["associatedcompanyid"],
        reason=stated[-1] if stated else row["disqualification_reason"],
        statuses=statuses,
        **{name: row[name] for name in PLAIN},
    )


def stage_word(value: str | None) -> str | None:
    """`unqualified-stage-id-123` is `unqualified`."""
    return picked(re.sub(r"(?i)[-_]stage[-_]id.*$", "", value or ""))


def _changes(crm: Crm, contacts: Contacts) -> dict[str, list[Change]]:
    """Contact -> changes of its properties, of its Lead objects, and its date properties."""
    found: dict[str, list[Change]] = defaultdict(list)
    for row in crm.used_or_later("contact_property_history"):
        name = key(row["name"])
        contact = contacts.get(row["contact_id"]) or row["contact_id"]
        is_status = name in STATUSES
        change = _change(row, contact, name if is_status else None, row["value"])
        merged_from = row["contact_id"] if row["contact_id"] != contact else None
        found[contact].append(replace(change, merged_from=merged_from))
    for contact, objects in _lead_objects(crm, contacts).items():
        for row in crm.used_or_later("lead_property_history"):
            is_own = any(one["id"] == row["lead_id"] for one in objects)
            if is_own and key(row["name"]) == "hs_pipeline_stage":
                value = stage_word(row["value"])
                found[contact].append(_change(row, contact, row["lead_id"], value))
    for row in crm.used("contact"):
        found[row["id"]] += _date_changes(row, found[row["id"]])
    return found


def _change(row: Row, contact: str, field: str | None, value: str | None) -> Change:
    source = key(row["source"])
    is_bulk = source == "import" or "bulk" in source or "batch" in source
    at = row["timestamp"]
    return Change(f"{field} {value}", contact, at, field, picked(value), is_bulk=is_bulk)


def _date_changes(row: Row, history: list[Change]) -> list[Change]:
    """The date properties of lifecycle stages that history does not have, newest kind first."""
    told = {bare(change.value) for change in history if change.field == "lifecyclestage"}
    found: dict[str, Change] = {}
    for stage, _, at in sorted(row["stage_dates"], key=lambda date: date[1]):
        if bare(stage) not in told:
            change = Change("", row["id"], at, "lifecyclestage", stage, is_history=False)
            found.setdefault(stage, change)
    return list(found.values())


def _company(row: Row) -> Company:
    website = row["domain"] or row["website"]
    about = (row["industry"], row["numberofemployees"], row["country"])
    return Company(row["id"], row["name"], website, *about)
