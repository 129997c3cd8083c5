"""Salesforce: what its raw tables say as neutral records."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, time

from .raw import Crm
from .raw_salesforce_tables import TABLES
from .records import (
    Campaign,
    Change,
    Company,
    CrmRecords,
    DealContact,
    DealRecord,
    LeadRecord,
    Meeting,
    Owner,
    Rate,
    ResponseRecord,
    Row,
    Stage,
    StageChange,
    Status,
    Task,
    chain_ends,
)
from .settings import Settings
from .values import key

# Columns that the neutral records call by the same name.
PLAIN_LEAD = ["lead_source", "owner_id", "email", "first_name", "last_name", "company", "title"]
PLAIN_LEAD += ["industry", "country"]
PLAIN_DEAL = ["campaign_id", "lead_source", "close_date", "is_closed", "is_won", "amount"]
PLAIN_DEAL += ["next_step", "owner_id"]


class Salesforce:
    """The layout of Salesforce objects."""

    name = "salesforce"
    tables = TABLES
    signs = ("lead",)

    def merged(self, crm: Crm) -> set[tuple[str, str]]:
        """Only the record itself says that it was merged."""
        return set()

    def deleted(self, crm: Crm) -> set[tuple[str, str]]:
        """Only the record itself says that it was deleted."""
        return set()

    def is_snapshot(self, crm: Crm, table: str) -> bool:
        """A lead export without creation times, where no lead history is either."""
        return (
            table == "lead"
            and "created_date" not in crm.columns["lead"]
            and "lead_history" not in crm.columns
        )

    def fault(self, crm: Crm, table: str, row: Row) -> str | None:
        """None beyond the rules of every table."""
        return None

    def left_out(self, crm: Crm, table: str, row: Row) -> tuple[str, str] | None:
        """None beyond the rules of every table."""
        return None

    def read(self, crm: Crm, settings: Settings) -> CrmRecords:
        """The neutral records of one Salesforce."""
        history = crm.used("lead_history")
        contacts = _merges(crm, "contact", must_count=True)
        changes = _changes(crm)
        return CrmRecords(
            crm.name,
            leads=[_lead(row, contacts, changes) for row in crm.used("lead")],
            lead_merges=_merges(crm, "lead"),
            changes=changes,
            first_history_at=min((row["created_date"] for row in history), default=None),
            companies={row["id"]: _company(row) for row in crm.used("account")},
            titles={row["id"]: row["title"] for row in crm.used("contact")},
            company_of={
                row["id"]: row["account_id"] for row in crm.used("contact") if row["account_id"]
            },
            tasks=[_task(row, contacts, settings) for row in crm.used("task")],
            meetings=[_meeting(row, contacts) for row in crm.used("event")],
            responses=[
                _response(row, contacts)
                for row in crm.used("campaign_member")
                if row["has_responded"] or row["first_responded_date"]
            ],
            campaigns={row["id"]: _campaign(row) for row in crm.used("campaign")},
            deals=[_deal(row) for row in crm.used("opportunity")],
            deal_changes=_deal_changes(crm),
            stages={
                key(row[name]): _stage(row)
                for name in ("master_label", "api_name")
                for row in crm.used("opportunity_stage")
                if row[name]
            },
            deal_contacts=_deal_contacts(crm, contacts),
            rates=_rates(crm),
            owners=_owners(crm),
            zones={row["id"]: row["time_zone_sid_key"] or "" for row in crm.used("user")},
        )


def last_modified(row: Row) -> datetime | None:
    """last_modified_date; system_modstamp stands for it."""
    moment: datetime | None = row["last_modified_date"] or row["system_modstamp"]
    return moment


def _lead(row: Row, contacts: dict[str, str], changes: dict[str, list[Change]]) -> LeadRecord:
    converted = row["converted_date"]
    if converted and row["created_date"]:
        converted = max(converted, row["created_date"])
    return LeadRecord(
        row=row,
        crm=row["crm"],
        layout="salesforce",
        id=row["id"],
        created_at=row["created_date"],
        employees=row["number_of_employees"],
        is_converted=_is_converted(row),
        last_modified_at=last_modified(row),
        converted_at=converted,
        conversion_row_at=min(
            (change.at for change in changes.get(row["id"], []) if change.is_conversion),
            default=None,
        ),
        converted_opportunity_id=row["converted_opportunity_id"],
        contact_id=_kept(row["converted_contact_id"], contacts),
        company_id=row["converted_account_id"],
        reason=row["disqualification_reason_c"],
        pain=row["pain_c"],
        timeframe=row["timeframe_c"],
        score=row["lead_score_c"],
        utm_source=row["utm_source_c"],
        utm_medium=row["utm_medium_c"],
        utm_campaign=row["utm_campaign_c"],
        statuses=[
            Status(
                "status",
                row["status"],
                last_modified(row) or row["created_date"],
                last_modified(row) is not None,
            )
        ],
        **{name: row[name] for name in PLAIN_LEAD},
    )


def _is_converted(row: Row) -> bool:
    """What it says; where it says nothing, whether it has anything that a conversion leaves."""
    if row["is_converted"] is not None:
        return bool(row["is_converted"])
    left = ("date", "opportunity_id", "contact_id", "account_id")
    return any(row[f"converted_{name}"] for name in left)


def _merges(crm: Crm, table: str, must_count: bool = False) -> dict[str, str]:
    """Merged-away record -> the record at the end of its chain."""
    copies = ("older_version", "duplicate_copy", "no id")
    ends = chain_ends(
        {
            row["id"]: row["master_record_id"]
            for row in crm.rows[table]
            if row["master_record_id"] not in (None, row["id"]) and row["row_reason"] not in copies
        }
    )
    there = {row["id"] for row in crm.used(table)}
    return {gone: end for gone, end in ends.items() if not must_count or end in there}


def _kept(contact_id: str | None, contacts: dict[str, str]) -> str | None:
    """The contact that it was merged into, else itself."""
    return contacts.get(contact_id or "", contact_id)


def _deal_contacts(crm: Crm, contacts: dict[str, str]) -> list[DealContact]:
    """Those that were merged stand for whom they went into; deleted ones are no contacts."""
    deleted = {row["id"] for row in crm.rows["contact"] if row["row_reason"] == "deleted"}
    deleted |= {gone for gone, end in _merges(crm, "contact").items() if end in deleted}
    return [
        DealContact(row["opportunity_id"], found, row["role"])
        for row in crm.used("opportunity_contact_role")
        if (found := _kept(row["contact_id"], contacts)) and found not in deleted
    ]


def _changes(crm: Crm) -> dict[str, list[Change]]:
    found: dict[str, list[Change]] = defaultdict(list)
    for row in crm.used_or_later("lead_history"):
        is_status = key(row["field"]) == "status"
        found[row["lead_id"]].append(
            Change(
                row["id"] or "",
                row["lead_id"],
                row["created_date"],
                "status" if is_status else None,
                row["new_value"] if is_status else None,
                is_conversion=key(row["field"]) == "leadconverted",
            )
        )
    return found


def _company(row: Row) -> Company:
    return Company(
        row["id"],
        None if row["is_person_account"] else row["name"],
        row["website"],
        row["industry"],
        row["number_of_employees"],
        row["billing_country"],
    )


def _task(row: Row, contacts: dict[str, str], settings: Settings) -> Task:
    """Completed at completed_date_time, else the later of creation and due date."""
    is_closed = row["is_closed"]
    if is_closed is None:
        is_closed = key(row["status"]) in ("completed", "closed")
    due = row["activity_date"] and settings.start_of(row["activity_date"])
    stand_in = max((moment for moment in (row["created_date"], due) if moment), default=None)
    return Task(
        row["id"],
        who=_ids(_kept(row["who_id"], contacts)),
        what=_ids(row["what_id"]),
        is_closed=is_closed,
        created_at=row["created_date"],
        completed_at=row["completed_date_time"] or stand_in,
        due=row["activity_date"],
        is_time_guessed=row["completed_date_time"] is None,
        kind=_kind(row),
        disposition=row["call_disposition"],
        words={"subtype": row["task_subtype"], "type": row["type"]}
        | {"subject": row["subject"], "direction": row["call_type"]},
    )


def _kind(row: Row) -> str:
    """What its type or subtype says: call, else email; else a call where it is said how it went."""
    said = (key(row["type"]), key(row["task_subtype"]))
    other = "call" if row["call_disposition"] else "task"
    return next((kind for kind in ("call", "email") if kind in said), other)


def _ids(one: str | None) -> frozenset[str]:
    return frozenset([one] if one else [])


def _meeting(row: Row, contacts: dict[str, str]) -> Meeting:
    starts = row["start_date_time"] or row["activity_date_time"] or row["activity_date"]
    who, what = _ids(_kept(row["who_id"], contacts)), _ids(row["what_id"])
    return Meeting(row["id"], who, what, row["created_date"], starts)


def _response(row: Row, contacts: dict[str, str]) -> ResponseRecord:
    moments = [row["first_responded_date"], row["created_date"]]
    responded = max((moment for moment in moments if moment), default=None)
    return ResponseRecord(
        row["id"],
        row["lead_id"],
        responded,
        _kept(row["contact_id"], contacts),
        row["campaign_id"],
    )


def _campaign(row: Row) -> Campaign:
    about = (row["name"], row["type"], row["start_date"], row["actual_cost"])
    return Campaign(row["id"], row["crm"], *about, row["currency_iso_code"])


def _deal(row: Row) -> DealRecord:
    closes = row["close_date"]
    return DealRecord(
        row=row,
        crm=row["crm"],
        layout="salesforce",
        id=row["id"],
        company_id=row["account_id"],
        created_at=row["created_date"],
        last_modified_at=last_modified(row),
        closes_at=datetime.combine(closes, time()) if closes else None,
        stage=row["stage_name"],
        stage_key=key(row["stage_name"]),
        currency=row["currency_iso_code"],
        other_crm_id=row["hubspot_deal_id_c"],
        **{name: row[name] for name in PLAIN_DEAL},
    )


def _deal_changes(crm: Crm) -> dict[str, list[StageChange]]:
    """Deal id -> its rows with a stage; field history only for deals without stage history."""
    found: dict[str, list[StageChange]] = defaultdict(list)
    for table, column in (
        ("opportunity_history", "stage_name"),
        ("opportunity_field_history", "new_value"),
    ):
        recorded = set(found)
        for row in crm.used_or_later(table):
            is_stage = table == "opportunity_history" or key(row["field"]) == "stagename"
            stage = row[column]
            if is_stage and stage and row["opportunity_id"] not in recorded:
                found[row["opportunity_id"]].append(
                    StageChange(row["id"] or "", stage, key(stage), row["created_date"])
                )
    return found


def _owners(crm: Crm) -> list[Owner]:
    """Users, and the groups that are queues; who is in both is a user."""
    queues = [row for row in crm.used("group") if key(row["type"]) == "queue"]
    found = {row["id"]: Owner(row["id"], "queue", None, row["name"]) for row in queues}
    users = {row["id"]: Owner(row["id"], "user", row["is_active"]) for row in crm.used("user")}
    return list((found | users).values())


def _stage(row: Row) -> Stage:
    order = None if row["sort_order"] is None else int(row["sort_order"])
    return Stage(order, row["is_closed"], row["is_won"])


def _rates(crm: Crm) -> list[Rate]:
    undated = [Rate(row["iso_code"], row["conversion_rate"]) for row in crm.used("currency_type")]
    return undated + [
        Rate(row["iso_code"], row["conversion_rate"], row["start_date"], row["next_start_date"])
        for row in crm.used("dated_conversion_rate")
    ]
