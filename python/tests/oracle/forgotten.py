"""Whose rows go when a person asks to be forgotten: their own, what belongs to them, mentions."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from .people import address
from .raw import Crm, Row
from .settings import Settings
from .values import items

ADDRESS = re.compile(r"[^\][\s\",;:<>(){}]+@[^\][\s\",;:<>(){}]+")


@dataclass(frozen=True)
class Columns:
    """What the columns of a table have to do with persons.

    `own` are ids of the row's person, `own_listed` lists of more, `of` whom the row belongs to,
    `named` and `listed` who is only mentioned; `held` is the id of what several have a part in.
    """

    own: tuple[str, ...] = ()
    own_listed: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    held: tuple[str, str] | None = None


CALLS = Columns(listed=("contacts",), held=("engagement", "engagement_id"))
PERSONS: dict[str, dict[str, Columns]] = {
    "salesforce": {
        "lead": Columns(("id", "master_record_id", "converted_contact_id"), addresses=("email",)),
        "contact": Columns(("id", "master_record_id"), addresses=("email",)),
        "lead_history": Columns(of=("lead_id",)),
        "task": Columns(of=("who_id",)),
        "event": Columns(of=("who_id",)),
        "campaign_member": Columns(of=("lead_id", "contact_id")),
        "opportunity_contact_role": Columns(of=("contact_id",)),
    },
    "hubspot": {
        "contact": Columns(
            ("id", "_dlt_id"),
            ("hs_merged_object_ids", "hs_calculated_merged_vids"),
            ("email", "hs_additional_emails"),
        ),
        "contact_merged_id": Columns(("_dlt_parent_id", "value")),
        "contact_merge_audit": Columns(("canonical_vid", "vid_to_merge")),
        "contact_property_history": Columns(of=("contact_id",)),
        "contact_form_submission": Columns(of=("contact_id",)),
        "form_submission": Columns(addresses=("email",)),
        "lead": Columns(
            named=("hs_primary_contact_id",), listed=("contacts",), held=("lead", "id")
        ),
        "lead_contact": Columns(of=("contact_id",), held=("lead", "lead_id")),
        "lead_property_history": Columns(held=("lead", "lead_id")),
        "deal": Columns(listed=("contacts",)),
        "deal_contact": Columns(of=("contact_id",)),
        "contact_deal": Columns(of=("contact_id",)),
        "engagement_contact": Columns(of=("contact_id",), held=("engagement", "engagement_id")),
        "engagement_deal": Columns(held=("engagement", "engagement_id")),
        **dict.fromkeys(
            ("engagement", "engagement_call", "engagement_email", "engagement_meeting"), CALLS
        ),
        "engagement_task": CALLS,
    },
    "generic": {
        "leads": Columns(("lead_id",), addresses=("email",)),
        "opportunity_contacts": Columns(of=("contact_id",)),
        "stage_events": Columns(of=("id",)),
        "activities": Columns(of=("lead_id",)),
    },
}


def forget(crms: Iterable[tuple[Crm, str]], settings: Settings) -> None:
    """Take the rows of `settings.forgotten` (addresses, keys) out of the CRMs with their layouts.

    `crm.forgotten` says which: table -> rows. Whom a row only mentions goes out of the row.
    """
    tables = [
        (crm, table, columns)
        for crm, layout in crms
        for table, columns in PERSONS[layout].items()
        if table in crm.rows
    ]
    gone = _tied(tables, settings)
    gone |= _held(tables, gone)
    for crm, table, columns in tables:
        kept: list[Row] = []
        for row in crm.rows[table]:
            if _all_told(crm, row, columns, settings) & gone:
                crm.forgotten[table].append(row)
            else:
                _clean(crm, row, columns, gone)
                kept.append(row)
        crm.rows[table][:] = kept


def _tied(tables: list[tuple[Crm, str, Columns]], settings: Settings) -> set[str]:
    """What was asked for, and all that shares a row with it, step by step."""
    together: dict[str, set[str]] = defaultdict(set)
    for crm, table, columns in tables:
        for row in crm.rows[table] if columns.own else []:
            told = _own(crm, row, columns, settings)
            first = _key(crm, row[columns.own[0]])
            if first:
                for one in told:
                    together[first].add(one)
                    together[one].add(first)
    gone: set[str] = set()
    left = [address(one, settings) or one for one in settings.forgotten]
    while left:
        one = left.pop()
        if one not in gone:
            gone.add(one)
            left += together[one]
    return gone


def _held(tables: list[tuple[Crm, str, Columns]], gone: set[str]) -> set[str]:
    """What only forgotten persons had a part in."""
    parts: dict[str, set[str]] = defaultdict(set)
    for crm, table, columns in tables:
        for row in crm.rows[table] if columns.held else []:
            if held := _held_key(crm, row, columns):
                for name in (*columns.of, *columns.named):
                    parts[held] |= {key} if (key := _key(crm, row[name])) else set()
                parts[held] |= {
                    f"{crm.name}:{one}" for name in columns.listed for one in items(row[name])
                }
    return {held for held, persons in parts.items() if persons and persons <= gone}


def _all_told(crm: Crm, row: Row, columns: Columns, settings: Settings) -> set[str]:
    """What makes the row a person's; lists only tie a row with an id to others."""
    told = {key for name in columns.own if (key := _key(crm, row[name]))}
    told |= {key for name in columns.addresses if (key := address(row[name], settings))}
    if row.get("kind") != "opportunity":  # a stage event of the generic layout
        told |= {key for name in columns.of if (key := _key(crm, row[name]))}
    held = _held_key(crm, row, columns)
    return told | ({held} if held else set())


def _own(crm: Crm, row: Row, columns: Columns, settings: Settings) -> set[str]:
    told = {key for name in columns.own if (key := _key(crm, row[name]))}
    for name in columns.own_listed:
        told |= {f"{crm.name}:{one.partition(':')[0]}" for one in items(row[name])}
    for name in columns.addresses:
        typed = [row[name], *ADDRESS.findall(row[name] or "")]
        told |= {key for one in typed if (key := address(one, settings))}
    return told


def _held_key(crm: Crm, row: Row, columns: Columns) -> str | None:
    key = _key(crm, row[columns.held[1]]) if columns.held else None
    return f"{columns.held[0]} {key}" if columns.held and key else None


def _key(crm: Crm, told: str | None) -> str | None:
    """Some tables of the oracle keep ids without the CRM."""
    return told if told is None or told.startswith(f"{crm.name}:") else crm.key(told)


def _clean(crm: Crm, row: Row, columns: Columns, gone: set[str]) -> None:
    for name in columns.named:
        row[name] = None if _key(crm, row[name]) in gone else row[name]
    for name in columns.listed:
        kept = [one for one in items(row[name]) if f"{crm.name}:{one}" not in gone]
        row[name] = ";".join(kept) or None
