"""Leads and deals of a CRM that are none of their own: merged into another, or excluded."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime

from .accounting import shown
from .raw import Crm, Row
from .records import CrmRecords, chain_ends
from .settings import Settings

COPIES = ("older_version", "duplicate_copy")
CLOSE_DATES = ("close_date", "closedate")
SAME_DEAL, SAME_PERSON, MERGED = "same deal as ", "same e-mail as ", "merged into "


def set_aside_records(crms: list[Crm], records: list[CrmRecords], settings: Settings) -> list[Row]:
    """One row per such record; none of one that was forgotten or is past retention."""
    found = []
    for kind in ("lead", "opportunity"):
        rows = _rows(crms, kind)
        ends = _ends(rows, records, kind)
        for record in sorted(rows.keys() | ends.keys()):
            own = rows.get(record, [])
            fate = _fate(own, ends.get(record), settings)
            last = rows.get(ends.get(record, record), [])
            if fate and not any(row["row_reason"] == "past_retention" for row in [*own, *last]):
                found.append(
                    {
                        "crm": record.partition(":")[0],
                        "record_kind": kind,
                        "record_id": record,
                        "row_status": fate[0],
                        "reason": fate[1],
                        "amount_original": _amount(own, settings) if kind != "lead" else None,
                    }
                )
    return found


def _rows(crms: list[Crm], kind: str) -> dict[str, list[Row]]:
    """All raw rows of each record."""
    found: dict[str, list[Row]] = defaultdict(list)
    for crm in crms:
        for table, spec in crm.specs.items():
            for row in crm.rows.get(table, []) if spec.record_kind == kind else ():
                if key := shown(spec, row):
                    found[key if key.startswith(f"{crm.name}:") else f"{crm.name}:{key}"].append(
                        row | {"created": row[spec.ends_by] if spec.ends_by else None}
                    )
    return found


def _ends(rows: dict[str, list[Row]], records: list[CrmRecords], kind: str) -> dict[str, str]:
    """Record -> the one that it is now, whichever CRM that is of."""
    if kind == "lead":
        ends = {gone: end for crm in records for gone, end in crm.lead_merges.items()}
        return {
            gone: end
            for gone, end in ends.items()
            if _is_there(end, _counts(rows.get(gone, [])), rows)
        }
    steps = {gone: end for crm in records for gone, end in crm.deal_merges.items()}
    for record, own in rows.items():
        for row in own:
            if (row["row_reason"] or "").startswith(SAME_DEAL):
                steps[record] = row["row_reason"].removeprefix(SAME_DEAL)
    ends = chain_ends(steps)
    return {gone: end for gone, end in ends.items() if _is_there(end, True, rows)}


def _counts(rows: list[Row]) -> bool:
    """Whether one of them is more than a copy of what there was."""
    return any(row["row_reason"] not in COPIES for row in rows)


def _is_there(record: str, must_count: bool, rows: dict[str, list[Row]]) -> bool:
    """It counts, perhaps under another record's id or past retention; else a contact will do."""
    reasons = [row["row_reason"] or "used" for row in rows.get(record, [])]
    known = ("used", "past_retention", *(() if must_count else ("not_a_lead",)))
    return any(reason in known or reason.startswith(SAME_PERSON) for reason in reasons)


def _fate(rows: list[Row], end: str | None, settings: Settings) -> tuple[str, str] | None:
    """Status and reason; None for a record that counts, or of which nothing is known."""
    reasons = [row["row_reason"] or "" for row in rows]
    if any(row["row_status"] == "used" for row in rows):
        return None
    for reason in reasons:
        if reason.startswith(SAME_PERSON):
            return "merged", reason
    if end:
        is_same = any(reason.startswith(SAME_DEAL) for reason in reasons)
        return "merged", f"{SAME_DEAL if is_same else MERGED}{end}"
    for row in rows:
        is_deal = any(name in row for name in CLOSE_DATES)
        if row["row_status"] == "merged" and (not is_deal or _is_retained(row, settings)):
            return "merged", f"{MERGED}nobody"
    excluded = [
        row["row_reason"]
        for row in rows
        if row["row_status"] == "excluded" and _is_retained(row, settings)
    ]
    first = min(excluded, key=lambda reason: (reason in COPIES, reason), default=None)
    return ("excluded", first) if first else None


def _is_retained(row: Row, settings: Settings) -> bool:
    """A deal by its close date, a lead by its creation."""
    moment = next((row[name] for name in CLOSE_DATES if name in row), row["created"])
    day = settings.day(moment) if isinstance(moment, datetime) else moment
    return not isinstance(day, date) or day >= settings.first_kept_day


def _amount(rows: list[Row], settings: Settings) -> float | None:
    """What the rows that count say, else those that are excluded."""
    amounts: dict[str, list[float]] = {"used": [], "merged": [], "excluded": [], "quarantined": []}
    for row in rows:
        if row["amount"] is not None and _is_retained(row, settings):
            amounts[row["row_status"]].append(row["amount"])
    return max(amounts["used"] + amounts["merged"] or amounts["excluded"], default=None)
