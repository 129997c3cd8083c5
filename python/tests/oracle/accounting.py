"""What becomes of each raw row: used, merged, excluded, quarantined; the first rule counts."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime

from .raw import Crm, Row
from .settings import Settings

DATED = ("lead", "lead_history", "opportunity_history", "opportunity_field_history")
AFTER = (*DATED, "opportunity", "opportunity_contact_role", "campaign_member", "task", "event")
PARENT = {"lead_history": "lead_id", "opportunity_history": "opportunity_id"}
PARENT |= {"opportunity_field_history": "opportunity_id"}
# Tables whose rows are nothing without an id to point at.
POINTED_AT = ("account", "contact", "campaign", "opportunity", "user", "group")
# Tables without an id of their own: the columns that tell their rows apart.
NATURAL = {"opportunity_stage": ["stage"], "currency_type": ["iso_code"]}
NATURAL |= {"dated_conversion_rate": ["iso_code", "start_date"]}
SYNCED = ("_fivetran_synced", "_airbyte_extracted_at", "_airbyte_emitted_at", "_sdc_batched_at")


def settle(crm: Crm, settings: Settings) -> None:
    """Give every row `status` and `reason`. Same e-mail (rule 9) is decided in people.py."""
    for table, rows in crm.rows.items():
        for row in rows:
            row["row_status"], row["row_reason"] = "used", None
        _keys_and_versions(crm, table, rows)
        for row in rows:
            if row["row_status"] == "used":
                row["row_status"], row["row_reason"] = _verdict(crm, table, row, settings)


def _keys_and_versions(crm: Crm, table: str, rows: list[Row]) -> None:
    """Rules 1 to 3: no id, older version, duplicate copy."""
    same: dict[tuple[object, ...], list[Row]] = defaultdict(list)
    for row in rows:
        if table == "opportunity_stage":
            row["stage"] = row["master_label"] or row["api_name"]
        names = NATURAL.get(table, ["id"] if "id" in crm.columns.get(table, ()) else [])
        empty = [name for name in names if row[name] is None]
        if empty:
            named = "master_label" if empty[0] == "stage" else empty[0]
            row["row_status"], row["row_reason"] = "quarantined", f"no {named}"
        elif row["_fivetran_active"] is False:
            row["row_status"], row["row_reason"] = "excluded", "older_version"
        elif names:
            same[tuple(row[name] for name in names)].append(row)
    for copies in same.values():
        for row in sorted(copies, key=_newest_first)[1:]:
            row["row_status"], row["row_reason"] = "excluded", "duplicate_copy"


def _newest_first(row: Row) -> tuple[float, float, int]:
    modified = row["last_modified_date"] or row["system_modstamp"]
    synced = next((row[name] for name in SYNCED if row[name]), None)
    return (-_seconds(modified), -_seconds(synced), row["order"])


def _seconds(moment: datetime | None) -> float:
    return (moment - datetime(1, 1, 1)).total_seconds() if moment else -1.0


def _verdict(crm: Crm, table: str, row: Row, settings: Settings) -> tuple[str, str | None]:
    """Rules 4 to 8 for a row that has a key and is the one that counts."""
    if table == "lead" and row["master_record_id"]:
        return "merged", "merged"
    loader_mark = row["_fivetran_deleted"] or row["_sdc_deleted_at"] or row["_ab_cdc_deleted_at"]
    if row["is_deleted"] or loader_mark:
        return "excluded", "deleted"
    if table in DATED and row["created_date"] is None and not is_snapshot(crm, table):
        raw = row["created_raw"]
        return "quarantined", (
            f"created_date is not a time: {raw}" if raw else "created_date is empty"
        )
    if table in PARENT and row[PARENT[table]] is None:
        return "quarantined", f"no {PARENT[table]}"
    if table in POINTED_AT and "id" not in crm.columns[table]:
        return "quarantined", "no id"
    if table in AFTER and row["created_date"] and row["created_date"] > settings.as_of:
        return "excluded", "after_as_of"
    return "used", None


def is_snapshot(crm: Crm, table: str) -> bool:
    """A lead export without creation times, where no lead history is either."""
    return (
        table == "lead"
        and "created_date" not in crm.columns["lead"]
        and "lead_history" not in crm.columns
    )


def used(crm: Crm, table: str) -> list[Row]:
    """The rows of a table that count."""
    return [row for row in crm.rows[table] if row["row_status"] == "used"]


def row_accounting(crms: list[Crm]) -> list[Row]:
    """One row per raw table that was found."""
    result = []
    for crm in crms:
        for table in crm.columns:
            kinds = Counter(row["row_status"] for row in crm.rows[table])
            counts = {f"{kind}_rows": kinds[kind] for kind in ("used", "merged", "excluded")}
            counts["quarantined_rows"] = kinds["quarantined"]
            counts["raw_rows"] = len(crm.rows[table])
            result.append({"crm": crm.name, "raw_table": table} | counts)
    return result


def quarantined_rows(crms: list[Crm]) -> list[Row]:
    """One row per raw row that could not be used."""
    return [
        {"crm": crm.name, "raw_table": table, "raw_id": row.get("id"), "reason": row["row_reason"]}
        for crm in crms
        for table, rows in crm.rows.items()
        for row in rows
        if row["row_status"] == "quarantined"
    ]
